/** The tools that rules are exported to. */
import type { Rule } from "../schema.ts";
import { exportGithub, githubNotes } from "./github.ts";
import { exportBetterleaks, exportGitleaks } from "./gitleaks.ts";
import { exportKingfisher } from "./kingfisher.ts";
import { exportSecretlint, secretlintNotes } from "./secretlint.ts";
import { type Shape, shapeOf } from "./shape.ts";
import type { ExportTarget } from "./target-names.ts";
import { exportTrufflehog } from "./trufflehog.ts";

export interface ExportedRules {
  readonly text: string;
  /** What the tool cannot express, where its format has no comments that would say it. */
  readonly notes: readonly string[];
}

interface Exporter {
  readonly format: (shapes: readonly Shape[]) => string;
  readonly notes?: () => string[];
}

const EXPORTERS: Readonly<Record<ExportTarget, Exporter>> = {
  gitleaks: { format: exportGitleaks },
  betterleaks: { format: exportBetterleaks },
  trufflehog: { format: exportTrufflehog },
  kingfisher: { format: exportKingfisher },
  secretlint: { format: exportSecretlint, notes: secretlintNotes },
  github: { format: exportGithub, notes: githubNotes },
};

export function exportRules(rules: readonly Rule[], target: ExportTarget): ExportedRules {
  const { format, notes } = EXPORTERS[target];
  return { text: format(rules.map(shapeOf)), notes: notes?.() ?? [] };
}
