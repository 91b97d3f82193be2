// Many small inputs at the price of one process: each is a file of one directory, and is judged by its own path.
import { scan, type ScanRun } from "./cli.ts";
import { GitRepository, type Content } from "./git-repository.ts";
import type { ReportedToken } from "./report.ts";
import { makeTempDir } from "./temp-dir.ts";

/** Scans a plain directory that holds these files. */
export function scanFiles(files: Readonly<Record<string, Content>>, args: readonly string[] = []): ScanRun {
  const directory = new GitRepository(makeTempDir("files"));
  for (const [path, content] of Object.entries(files)) directory.write(path, content);
  return scan(args, { cwd: directory.dir });
}

/** What the report says about one file: each token with its occurrences in that file alone. */
export function tokensIn(run: ScanRun, path: string): ReportedToken[] {
  return run.report.tokens
    .map((token) => ({ ...token, occurrences: token.occurrences.filter(({ paths }) => paths.includes(path)) }))
    .filter(({ occurrences }) => occurrences.length > 0);
}
