// Fetches and scans one push in a process of its own: `push-worker.ts <cache> <server> <url> <id> <tip> <known>`.
import { builtinRules } from "keyrecall";
import { RepositoryCache } from "../../../app/git/repository-cache.ts";

const [directory = "", serverUrl = "", url = "", id = "", tip = "", known = ""] = process.argv.slice(2);
const cache = new RepositoryCache({ directory, serverUrl, maxBytes: 1024 ** 3, gitTimeoutMs: 60_000 });
const remote = { id: Number(id), url, sizeBytes: null, credential: () => Promise.resolve(null) };
const found = await cache.withClone(remote, async (clone) => {
  process.stdout.write("begun\n");
  const fetched = await clone.fetch({ tips: [tip], known: known === "" ? [] : [known] });
  if (fetched.outcome !== "ok") throw new Error(fetched.message);
  const tips = fetched.tips.map((one) => ({ id: one }));
  const scanned = await clone.scan({ tips, known: fetched.known, rules: builtinRules, minConfidence: "certain" });
  if (scanned.outcome !== "ok") throw new Error(scanned.message);
  if (scanned.result.coverage.hasGaps) throw new Error(JSON.stringify(scanned.result.coverage.gaps));
  process.stdout.write("ended\n");
  return scanned.result.occurrences.map(({ token }) => token.fingerprint);
});
process.stdout.write(`${JSON.stringify(found)}\n`);
