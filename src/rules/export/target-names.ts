/** Apart from what they do, because the command line names them before it loads anything. */
export const EXPORT_TARGETS = ["gitleaks", "betterleaks", "trufflehog", "kingfisher", "secretlint", "github"] as const;

export type ExportTarget = (typeof EXPORT_TARGETS)[number];
