import { GitleaksIgnore } from "../config/gitleaks-ignore.ts";
import { baselineSchema, configurationSchema, type Baseline, type Configuration } from "../config/schema.ts";
import type { Repository } from "../git/repository.ts";
import { blobAt, readBlob } from "../git/tree-file.ts";
/** What the base of a change allows: a change cannot allow its own leaks. */
import { readYaml } from "../rules/read-yaml.ts";
import type { Rule } from "../rules/schema.ts";
import type { Inputs } from "./inputs.ts";

export interface PolicyFiles {
  readonly file: string | null;
  readonly configuration: Configuration | null;
  readonly baseline: Baseline | null;
  readonly ignored: GitleaksIgnore | null;
  readonly notes: readonly string[];
}

export interface PolicySource {
  readonly repository: Repository;
  readonly commit: string;
  readonly fetchBlobs: (objectIds: readonly string[]) => Promise<void>;
}

const CONFIGURATION_FILE = ".keyrecall.yml";
const MAX_FILE_BYTES = 4 * 1024 * 1024;

/**
 * @param source null where there is no base: then nothing is allowed
 * @throws {KeyrecallError} where a file is there and cannot be used
 */
export async function readPolicyFiles(
  source: PolicySource | null,
  { config, baseline, gitleaksIgnore }: Pick<Inputs, "config" | "baseline" | "gitleaksIgnore">,
  rules: readonly Rule[],
): Promise<PolicyFiles> {
  const notes: string[] = [];
  const read = async (path: string, input: string | null): Promise<string | null> => {
    const text = source === null ? null : await readText(source, path);
    if (text === null && input !== null) {
      const where =
        source === null ? "there is no base commit" : `it is not in the base commit ${short(source.commit)}`;
      notes.push(`The input ${input} names ${path}, and ${where}: nothing is allowed by it.`);
    }
    return text;
  };
  const file = config ?? CONFIGURATION_FILE;
  const configurationText = await read(file, config === null ? null : "config");
  const baselineText = baseline === null ? null : await read(baseline, "baseline");
  const ignoreText = gitleaksIgnore === null ? null : await read(gitleaksIgnore, "gitleaks-ignore");
  const name = (path: string): string => `${path} (of ${short(source?.commit ?? "")})`;
  return {
    file: configurationText === null ? null : file,
    configuration: configurationText === null ? null : readYaml(name(file), configurationText, configurationSchema),
    baseline: baselineText === null ? null : readYaml(name(baseline ?? ""), baselineText, baselineSchema),
    ignored: ignoreText === null ? null : ignoredBy(name(gitleaksIgnore ?? ""), ignoreText, rules),
    notes,
  };
}

function ignoredBy(name: string, text: string, rules: readonly Rule[]): GitleaksIgnore {
  const ignored = new GitleaksIgnore(rules.map(({ id }) => id));
  ignored.add(name, text);
  return ignored;
}

async function readText({ repository, commit, fetchBlobs }: PolicySource, path: string): Promise<string | null> {
  const objectId = await blobAt(repository, commit, path);
  if (objectId === null) return null;
  await fetchBlobs([objectId]);
  return (await readBlob(repository, objectId, MAX_FILE_BYTES)).toString("utf8");
}

function short(commit: string): string {
  return commit.slice(0, 12);
}
