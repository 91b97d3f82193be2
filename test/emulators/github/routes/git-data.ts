// What is in the repositories, read with git.
import {
  countCommits,
  findCommit,
  findInTree,
  isEmpty,
  mergeBase,
  readCommit,
  readCommits,
  readDiff,
  readObject,
  readPatch,
  readRefs,
  readTree,
  typeOf,
  type ChangedFile,
  type TreeEntry,
} from "../git/store.ts";
import { emptyRepository, GitHubError, notFound } from "../github-error.ts";
import { list, ok, type RepositoryCall, type Result, type Route } from "../route.ts";
import { simpleUser, time } from "../shapes/accounts.ts";
import { commitShape, fileShape, gitCommitShape } from "../shapes/commits.ts";
import { rolePermissions } from "../shapes/repositories.ts";
import { nodeId } from "../world/world.ts";

const reads = [{ contents: "read" }] as const;
const metadata = [{ metadata: "read" }] as const;
const MOST_TREE_ENTRIES = 100_000;
const MOST_COMPARED_FILES = 300;
const LARGEST_CONTENT = 1024 * 1024;
const LARGEST_RAW = 100 * 1024 * 1024;
const LARGEST_PATCH = 20_000;
const PERIOD_DAYS: Readonly<Record<string, number>> = { day: 1, week: 7, month: 31, quarter: 92, year: 366 };

export const gitDataRoutes: readonly Route[] = [
  { route: "GET /repos/{owner}/{repo}/branches", by: "repository", needs: reads, handle: listBranches },
  { route: "GET /repos/{owner}/{repo}/branches/{branch}", by: "repository", needs: reads, handle: getBranch },
  { route: "GET /repos/{owner}/{repo}/commits", by: "repository", needs: reads, handle: listCommits },
  { route: "GET /repos/{owner}/{repo}/commits/{ref}", by: "repository", needs: reads, handle: getCommit },
  { route: "GET /repos/{owner}/{repo}/compare/{basehead}", by: "repository", needs: reads, handle: compare },
  { route: "GET /repos/{owner}/{repo}/contents/{path}", by: "repository", needs: reads, handle: getContents },
  { route: "GET /repos/{owner}/{repo}/git/ref/{ref}", by: "repository", needs: reads, handle: getRef },
  {
    route: "GET /repos/{owner}/{repo}/git/matching-refs/{ref}",
    by: "repository",
    needs: reads,
    handle: async (call) => {
      const refs = await readRefs(call.repository.gitDir);
      if (refs.size === 0) throw emptyRepository();
      const found = [...refs].filter(([name]) => name.startsWith(`refs/${call.params["ref"]}`));
      const shapes = await Promise.all(found.map(([name, id]) => refShape(call, name, id)));
      return list(shapes, (shape) => shape);
    },
  },
  {
    route: "GET /repos/{owner}/{repo}/git/commits/{commit_sha}",
    by: "repository",
    needs: reads,
    handle: async (call) => {
      await refuseEmpty(call);
      const id = call.params["commit_sha"] ?? "";
      if ((await typeOf(call.repository.gitDir, id)) !== "commit") throw notFound();
      return ok(gitCommitShape(call.github, call.repository, await readCommit(call.repository.gitDir, id)));
    },
  },
  { route: "GET /repos/{owner}/{repo}/git/tags/{tag_sha}", by: "repository", needs: reads, handle: getTag },
  { route: "GET /repos/{owner}/{repo}/git/trees/{tree_sha}", by: "repository", needs: reads, handle: getTree },
  { route: "GET /repos/{owner}/{repo}/git/blobs/{file_sha}", by: "repository", needs: reads, handle: getBlob },
  { route: "GET /repos/{owner}/{repo}/activity", by: "repository", needs: reads, handle: listActivity },
  {
    route: "GET /repos/{owner}/{repo}/collaborators/{username}/permission",
    by: "repository",
    needs: metadata,
    isSensitive: true,
    handle: ({ github, repository, params }) => {
      const account = github.world.findAccount(params["username"] ?? "");
      if (account === undefined) throw notFound();
      const role = github.world.roleOf(account, repository);
      // The older of the two words knows fewer of them.
      const permission = { maintain: "write", triage: "read" }[role as string] ?? role;
      const user = { ...simpleUser(github.urls, account), permissions: rolePermissions(role), role_name: role };
      return ok({ permission, role_name: role, user });
    },
  },
];

async function requireCommit({ repository }: RepositoryCall, name: string): Promise<string> {
  const sha = await findCommit(repository.gitDir, name);
  if (sha !== undefined) return sha;
  // A full id that is not there is told apart from a name that is not.
  throw /^[0-9a-f]{40}$/.test(name) || name.includes("/")
    ? new GitHubError(422, `No commit found for SHA: ${name}`)
    : notFound();
}

async function refuseEmpty({ repository }: RepositoryCall): Promise<void> {
  if (await isEmpty(repository.gitDir)) throw emptyRepository();
}

async function listBranches(call: RepositoryCall): Promise<Result> {
  const { github, repository } = call;
  const refs = await readRefs(repository.gitDir, "refs/heads/");
  return list([...refs], ([ref, sha]) => {
    const name = ref.replace("refs/heads/", "");
    return { name, commit: { sha, url: github.urls.repo(repository, `/commits/${sha}`) }, protected: false };
  });
}

async function getBranch(call: RepositoryCall): Promise<Result> {
  const { github, repository, params } = call;
  const name = params["branch"] ?? "";
  const sha = (await readRefs(repository.gitDir, "refs/heads/")).get(`refs/heads/${name}`);
  if (sha === undefined) throw new GitHubError(404, "Branch not found");
  const url = github.urls.repo(repository, `/branches/${encodeURIComponent(name)}`);
  return ok({
    name,
    commit: commitShape(github, repository, await readCommit(repository.gitDir, sha)),
    _links: { self: url, html: github.urls.html(repository, `/tree/${name}`) },
    protected: false,
    protection: { enabled: false, required_status_checks: { enforcement_level: "off", contexts: [], checks: [] } },
    protection_url: `${url}/protection`,
  });
}

async function listCommits(call: RepositoryCall): Promise<Result> {
  const { github, repository, query } = call;
  await refuseEmpty(call);
  const start = await requireCommit(call, query.get("sha") ?? repository.defaultBranch);
  const limits = (["author", "since", "until"] as const).flatMap((name) => {
    const value = query.get(name);
    return value === null ? [] : [`--${name}=${value}`];
  });
  const path = query.get("path");
  const commits = await readCommits(repository.gitDir, [
    ...limits,
    start,
    "--",
    ...(path === null ? [] : [`:(literal)${path}`]),
  ]);
  return list(commits, (commit) => commitShape(github, repository, commit));
}

async function getCommit(call: RepositoryCall): Promise<Result> {
  const { github, repository, params, accept } = call;
  await refuseEmpty(call);
  const sha = await requireCommit(call, params["ref"] ?? "");
  const commit = await readCommit(repository.gitDir, sha);
  const [parent] = commit.parents;
  if (/\.sha\b/.test(accept)) {
    return { kind: "text", text: sha, contentType: "application/vnd.github.sha; charset=utf-8" };
  }
  if (/\.(?:diff|patch)\b/.test(accept)) return asPatch(await readPatch(repository.gitDir, parent, sha));
  const files = await readDiff(repository.gitDir, parent, sha);
  const sum = (field: "additions" | "deletions"): number => files.reduce((total, file) => total + file[field], 0);
  const [additions, deletions] = [sum("additions"), sum("deletions")];
  return ok({
    ...commitShape(github, repository, commit),
    stats: { total: additions + deletions, additions, deletions },
    files: await renderFiles(call, files.slice(0, MOST_COMPARED_FILES), parent, sha),
  });
}

/** Of at most 300 files, whatever the page: git is the only complete source. */
async function compare(call: RepositoryCall): Promise<Result> {
  const { github, repository, params, accept, query } = call;
  const [left = "", right = ""] = (params["basehead"] ?? "").split("...");
  const [base, head] = await Promise.all([requireEnd(call, left), requireEnd(call, right)]);
  const common = await mergeBase(repository.gitDir, base, head);
  if (common === undefined) throw new GitHubError(404, `No common ancestor between ${left} and ${right}.`);
  if (/\.(?:diff|patch)\b/.test(accept)) return asPatch(await readPatch(repository.gitDir, common, head));
  const [ahead, behind, files] = await Promise.all([
    countCommits(repository.gitDir, `${base}..${head}`),
    countCommits(repository.gitDir, `${head}..${base}`),
    readDiff(repository.gitDir, common, head),
  ]);
  const size = Math.min(250, Number(query.get("per_page") ?? 250));
  const page = Number(query.get("page") ?? 1);
  const commits = (await readCommits(repository.gitDir, ["--reverse", head, `^${base}`])).slice(
    (page - 1) * size,
    page * size,
  );
  const shape = async (sha: string) => commitShape(github, repository, await readCommit(repository.gitDir, sha));
  const url = github.urls.repo(repository, `/compare/${left}...${right}`);
  const html = github.urls.html(repository, `/compare/${left}...${right}`);
  return ok({
    url,
    html_url: html,
    permalink_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    base_commit: await shape(base),
    merge_base_commit: await shape(common),
    status: ahead > 0 ? (behind > 0 ? "diverged" : "ahead") : behind > 0 ? "behind" : "identical",
    ahead_by: ahead,
    behind_by: behind,
    total_commits: ahead,
    commits: commits.map((commit) => commitShape(github, repository, commit)),
    ...(page === 1 ? { files: await renderFiles(call, files.slice(0, MOST_COMPARED_FILES), common, head) } : {}),
  });
}

async function requireEnd(call: RepositoryCall, name: string): Promise<string> {
  // `owner:branch` names a branch of a fork, whose objects are not here unless there is a pull request.
  const sha = await findCommit(call.repository.gitDir, name.replace(/^[^:]+:/, ""));
  if (sha === undefined) throw notFound();
  return sha;
}

export async function renderFiles(
  call: RepositoryCall,
  files: readonly ChangedFile[],
  from: string | undefined,
  to: string,
): Promise<unknown[]> {
  const { github, repository } = call;
  return Promise.all(
    files.map(async (file) => {
      const isText = file.additions + file.deletions > 0;
      const text = isText ? await readPatch(repository.gitDir, from, to, file.path) : "";
      const hunks = text.slice(text.indexOf("\n@@") + 1);
      const patch = isText && text.includes("\n@@") && hunks.length <= LARGEST_PATCH ? hunks : undefined;
      return fileShape(github, repository, file, to, patch);
    }),
  );
}

export function asPatch(text: string): Result {
  return { kind: "text", text, contentType: "application/vnd.github.diff; charset=utf-8" };
}

async function getContents(call: RepositoryCall): Promise<Result> {
  const { github, repository, params, query, accept } = call;
  if (await isEmpty(repository.gitDir)) throw new GitHubError(404, "This repository is empty.");
  const ref = query.get("ref") ?? repository.defaultBranch;
  const sha = await findCommit(repository.gitDir, ref);
  if (sha === undefined) throw new GitHubError(404, `No commit found for the ref ${ref}`);
  const path = (params["path"] ?? "").replaceAll(/^\/+|\/+$/g, "");
  const entry = await findInTree(repository.gitDir, sha, path);
  if (entry === undefined) throw notFound();
  if (entry.type === "tree") {
    const entries = (await readTree(repository.gitDir, entry.id, { recursive: false })) ?? [];
    return list(entries, (inside) => contentFacts(call, { ...inside, path: `${path}/${inside.path}` }, ref));
  }
  if (entry.type === "commit") {
    return ok({ ...contentFacts(call, entry, ref), type: "submodule", submodule_git_url: github.urls.origin });
  }
  const bytes = (await readObject(repository.gitDir, "blob", entry.id)) ?? Buffer.alloc(0);
  if (bytes.length > LARGEST_RAW) throw new GitHubError(403, "This API returns blobs up to 100 MB in size.");
  if (/\braw\b/.test(accept)) {
    return { kind: "text", text: bytes, contentType: "application/vnd.github.raw+json; charset=utf-8" };
  }
  if (entry.mode === "120000") {
    return ok({ ...contentFacts(call, entry, ref), type: "symlink", target: bytes.toString("utf8") });
  }
  const isInline = bytes.length <= LARGEST_CONTENT;
  return ok({
    ...contentFacts(call, entry, ref),
    content: isInline ? lines(bytes.toString("base64")) : "",
    encoding: isInline ? "base64" : "none",
  });
}

function contentFacts({ github, repository }: RepositoryCall, entry: TreeEntry, ref: string) {
  const path = entry.path.split("/").map(encodeURIComponent).join("/");
  const self = github.urls.repo(repository, `/contents/${path}?ref=${encodeURIComponent(ref)}`);
  const kind = entry.type === "tree" ? "trees" : "blobs";
  const git = github.urls.repo(repository, `/git/${kind}/${entry.id}`);
  const html = github.urls.html(repository, `/${entry.type === "tree" ? "tree" : "blob"}/${ref}/${path}`);
  return {
    name: entry.path.split("/").at(-1) ?? "",
    path: entry.path,
    sha: entry.id,
    size: entry.size ?? 0,
    url: self,
    html_url: html,
    git_url: git,
    download_url: entry.type === "tree" ? null : github.urls.html(repository, `/raw/${ref}/${path}`),
    type: entry.type === "tree" ? "dir" : "file",
    _links: { self, git, html },
  };
}

/** GitHub breaks base64 into lines. */
function lines(base64: string): string {
  return base64.replaceAll(/.{60}/g, (line) => `${line}\n`).concat("\n");
}

async function getRef(call: RepositoryCall): Promise<Result> {
  const refs = await readRefs(call.repository.gitDir);
  if (refs.size === 0) throw emptyRepository();
  const name = `refs/${(call.params["ref"] ?? "").replace(/^refs\//, "")}`;
  const id = refs.get(name);
  if (id === undefined) throw notFound();
  return ok(await refShape(call, name, id));
}

async function refShape({ github, repository }: RepositoryCall, ref: string, sha: string) {
  const type = (await typeOf(repository.gitDir, sha)) ?? "commit";
  return {
    ref,
    node_id: nodeId("REF", `${repository.id} ${ref}`),
    url: github.urls.repo(repository, `/git/${ref}`),
    object: { sha, type, url: github.urls.repo(repository, `/git/${type}s/${sha}`) },
  };
}

async function getTag(call: RepositoryCall): Promise<Result> {
  const { github, repository, params } = call;
  await refuseEmpty(call);
  const sha = params["tag_sha"] ?? "";
  if ((await typeOf(repository.gitDir, sha)) !== "tag") throw notFound();
  const text = (await readObject(repository.gitDir, "tag", sha))?.toString("utf8") ?? "";
  const header = (name: string): string => new RegExp(`^${name} (.*)$`, "m").exec(text)?.[1] ?? "";
  const [, name = "", email = "", seconds = "0"] = /^(.*) <(.*)> (\d+)/.exec(header("tagger")) ?? [];
  const object = header("object");
  const type = header("type");
  return ok({
    node_id: nodeId("TAG", sha),
    tag: header("tag"),
    sha,
    url: github.urls.repo(repository, `/git/tags/${sha}`),
    message: text.slice(text.indexOf("\n\n") + 2).replace(/\n$/, ""),
    tagger: { name, email, date: time(new Date(Number(seconds) * 1000)) },
    object: { sha: object, type, url: github.urls.repo(repository, `/git/${type}s/${object}`) },
    verification: { verified: false, reason: "unsigned", signature: null, payload: null, verified_at: null },
  });
}

async function getTree(call: RepositoryCall): Promise<Result> {
  const { github, repository, params, query } = call;
  await refuseEmpty(call);
  const name = params["tree_sha"] ?? "";
  const treeish = (await findCommit(repository.gitDir, name)) ?? (/^[0-9a-f]{40}$/.test(name) ? name : undefined);
  const entries =
    treeish === undefined
      ? undefined
      : await readTree(repository.gitDir, treeish, { recursive: query.has("recursive") });
  if (entries === undefined) throw notFound();
  return ok({
    sha: treeish,
    url: github.urls.repo(repository, `/git/trees/${treeish}`),
    tree: entries.slice(0, MOST_TREE_ENTRIES).map(({ path, mode, type, id, size }) => ({
      path,
      mode,
      type,
      sha: id,
      ...(size === undefined ? {} : { size }),
      ...(type === "commit" ? {} : { url: github.urls.repo(repository, `/git/${type}s/${id}`) }),
    })),
    truncated: entries.length > MOST_TREE_ENTRIES,
  });
}

async function getBlob(call: RepositoryCall): Promise<Result> {
  const { github, repository, params, accept } = call;
  await refuseEmpty(call);
  const sha = params["file_sha"] ?? "";
  const bytes = /^[0-9a-f]{40}$/.test(sha) ? await readObject(repository.gitDir, "blob", sha) : undefined;
  if (bytes === undefined) throw notFound();
  if (bytes.length > LARGEST_RAW) throw new GitHubError(403, "This API returns blobs up to 100 MB in size.");
  if (/\braw\b/.test(accept)) {
    return { kind: "text", text: bytes, contentType: "application/vnd.github.raw+json; charset=utf-8" };
  }
  return ok({
    sha,
    node_id: nodeId("B", sha),
    size: bytes.length,
    url: github.urls.repo(repository, `/git/blobs/${sha}`),
    content: lines(bytes.toString("base64")),
    encoding: "base64",
  });
}

function listActivity({ github, repository, query }: RepositoryCall): Result {
  const type = query.get("activity_type");
  const ref = query.get("ref");
  const actor = query.get("actor")?.toLowerCase();
  const days = PERIOD_DAYS[query.get("time_period") ?? ""];
  const oldest = days === undefined ? 0 : Date.now() - days * 24 * 60 * 60 * 1000;
  const found = repository.activity.filter(
    (entry) =>
      (type === null || entry.type === type) &&
      (ref === null || entry.ref === ref || entry.ref === `refs/heads/${ref}`) &&
      (actor === undefined || entry.actor.login.toLowerCase() === actor) &&
      entry.timestamp.getTime() >= oldest,
  );
  const ordered = query.get("direction") === "asc" ? found : found.toReversed();
  return list(ordered, (entry) => ({
    id: entry.id,
    node_id: nodeId("PSH", entry.id),
    before: entry.before,
    after: entry.after,
    ref: entry.ref,
    timestamp: time(entry.timestamp),
    activity_type: entry.type,
    actor: simpleUser(github.urls, entry.actor),
  }));
}
