// An exported file as the tool behind it applies it: regular expressions and exceptions, run in JavaScript.
import { parse as parseToml } from "smol-toml";
import { parse as parseYaml } from "yaml";

export const EXPORT_TARGETS = ["gitleaks", "betterleaks", "trufflehog", "kingfisher", "secretlint", "github"] as const;

export type ExportTarget = (typeof EXPORT_TARGETS)[number];

export interface ExportedRule {
  readonly id: string;
  /** What the rule reports of a text. */
  readonly find: (text: string) => string[];
}

/** A rule of characters that mean something in one format or another. */
export const ODD_RULE: string = `schema: 1
rules:
  - id: odd-key
    name: Odd "key" of O'Neill
    grammar:
      prefix: "o'd[d]/$"
      parts:
        - { literal: "'''" }
        - { name: secret, class: base64url, length: { min: 20, max: 30 } }
      secret: secret
    placeholders: ["o'd[d]/$'''your_secret_goes_here0"]
    blastRadius: { summary: "reads \\\\ everything", can: [], cannot: [] }
    rotation: { dashboard: Keys, steps: [mint a new one] }
`;

interface Leaks {
  readonly rules: readonly {
    readonly id: string;
    readonly regex: string;
    readonly keywords: readonly string[];
    readonly allowlists?: readonly { readonly regexTarget: string; readonly regexes: readonly string[] }[];
    readonly filter?: string;
  }[];
}

interface TrufflehogFile {
  readonly detectors: readonly {
    readonly name: string;
    readonly keywords: readonly string[];
    readonly regex: { readonly token: string };
    readonly exclude_regexes_match?: readonly string[];
  }[];
}

interface KingfisherFile {
  readonly rules: readonly {
    readonly id: string;
    readonly pattern: string;
    readonly pattern_requirements?: { readonly ignore_if_contains: readonly string[] };
  }[];
}

interface SecretlintFile {
  readonly rules: readonly [
    {
      readonly options: {
        readonly patterns: readonly { readonly name: string; readonly patterns: readonly string[] }[];
        readonly allows: readonly string[];
      };
    },
  ];
}

export interface GithubBody {
  readonly patterns: readonly {
    readonly name: string;
    readonly pattern: string;
    readonly start_delimiter: string;
    readonly end_delimiter: string;
    readonly must_not_match?: readonly string[];
  }[];
}

const READERS: Readonly<Record<ExportTarget, (text: string) => ExportedRule[]>> = {
  gitleaks: (text) =>
    (parseToml(text) as unknown as Leaks).rules.map((rule) => ({
      id: rule.id,
      find: finder(rule.regex, { keywords: rule.keywords, not: (rule.allowlists ?? []).flatMap((one) => one.regexes) }),
    })),
  betterleaks: (text) =>
    (parseToml(text) as unknown as Leaks).rules.map((rule) => ({
      id: rule.id,
      find: finder(rule.regex, { keywords: rule.keywords, not: listOfFilter(rule.filter) }),
    })),
  trufflehog: (text) =>
    (parseYaml(text) as TrufflehogFile).detectors.map((detector) => ({
      id: detector.name,
      find: finder(detector.regex.token, { keywords: detector.keywords, not: detector.exclude_regexes_match ?? [] }),
    })),
  kingfisher: (text) =>
    (parseYaml(text) as KingfisherFile).rules.map((rule) => ({
      id: rule.id,
      find: finder(rule.pattern, { not: (rule.pattern_requirements?.ignore_if_contains ?? []).map(literally) }),
    })),
  secretlint: (text) => {
    const [{ options }] = (JSON.parse(text) as SecretlintFile).rules;
    return options.patterns.map(({ name, patterns }) => ({
      id: name,
      find: finder(patterns.map(withoutSlashes).join("|"), { not: options.allows.map(withoutSlashes), group: 0 }),
    }));
  },
  github: (text) =>
    (JSON.parse(text) as GithubBody).patterns.map((one) => ({
      id: one.name,
      find: finder(`(?:${one.start_delimiter})(${one.pattern})(?:${one.end_delimiter})`, {
        not: one.must_not_match ?? [],
      }),
    })),
};

export function readExported(target: ExportTarget, text: string): ExportedRule[] {
  return READERS[target](text);
}

interface Exceptions {
  /** Words of which one has to be there, in lower case. */
  readonly keywords?: readonly string[];
  readonly not: readonly string[];
  readonly group?: 0;
}

function finder(pattern: string, { keywords, not, group }: Exceptions): (text: string) => string[] {
  const regex = new RegExp(inJavaScript(pattern), "g");
  const exceptions = not.map((one) => new RegExp(inJavaScript(one)));
  return (text) => {
    const lower = text.toLowerCase();
    if (keywords?.some((word) => lower.includes(word)) === false) return [];
    return [...text.matchAll(regex)]
      .map((match) => (group === 0 ? match[0] : (match[1] ?? match[0])))
      .filter((found) => !exceptions.some((exception) => exception.test(found)));
  };
}

function inJavaScript(pattern: string): string {
  return pattern.replaceAll(String.raw`\A`, "^").replaceAll(String.raw`\z`, "$");
}

function withoutSlashes(pattern: string): string {
  return pattern.slice(1, -1);
}

function literally(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}

function listOfFilter(filter: string | undefined): string[] {
  return (filter ?? "")
    .split(" ||\n")
    .flatMap((one) => /^\s*finding\["match"\] matches (".*")\s*$/s.exec(one)?.[1] ?? [])
    .map((quoted) => JSON.parse(quoted) as string);
}
