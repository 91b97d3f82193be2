// The routes of the emulator of GitHub: each answers as the published description has it (closing the emulator fails
// where one does not), and means what GitHub means by it.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startGitHub, type GitHubEmulator } from "./github/emulator.ts";
import { appClient } from "./support/github.ts";

const REPOSITORY = { owner: "acme", repo: "app" };
const ISSUES = "POST /repos/{owner}/{repo}/issues";

let github: GitHubEmulator;
let installation: number;
let client: ReturnType<typeof appClient>;

beforeEach(async () => {
  github = await startGitHub();
  github.addOrganization("acme", { members: ["ada"] });
  await github.addRepository("acme/app", { private: true, collaborators: { bob: "write", cleo: "maintain" } });
  installation = github.addInstallation("acme", {
    permissions: {
      metadata: "read",
      contents: "read",
      pull_requests: "read",
      issues: "write",
      checks: "write",
      repository_advisories: "write",
      secret_scanning_alerts: "write",
    },
  });
  client = appClient(github, installation);
});

afterEach(() => github.close());

describe("repositories", () => {
  it("by name, by number, and by a name that it had", async () => {
    const { data } = await client.rest.repos.get(REPOSITORY);
    expect(data).toMatchObject({ full_name: "acme/app", private: true, has_issues: true, visibility: "private" });
    github.renameRepository("acme/app", "renamed");
    expect((await client.rest.repos.get(REPOSITORY)).data.full_name).toBe("acme/renamed");
    expect((await client.request("GET /repositories/{id}", { id: data.id })).data).toMatchObject({ name: "renamed" });
    await client.rest.issues.create({ ...REPOSITORY, title: "Under the old name" });
    expect(github.issuesOf("acme/renamed")).toMatchObject([{ title: "Under the old name" }]);
    const redirects = github.requests.filter(({ status }) => status === 301 || status === 307);
    expect(redirects.map(({ method, status }) => [method, status])).toEqual([
      ["GET", 301],
      ["POST", 307],
    ]);
  });

  it("one that is deleted is not found, one that is archived cannot be written to", async () => {
    github.archiveRepository("acme/app");
    await expect(client.rest.issues.create({ ...REPOSITORY, title: "x" })).rejects.toMatchObject({
      status: 403,
      message: expect.stringContaining("Repository was archived so is read-only."),
    });
    expect((await client.rest.issues.listForRepo(REPOSITORY)).data).toEqual([]);
    github.deleteRepository("acme/app");
    await expect(client.rest.repos.get(REPOSITORY)).rejects.toMatchObject({ status: 404 });
  });

  it("one that is transferred leaves the installation", async () => {
    github.transferRepository("acme/app", "globex");
    await expect(client.rest.repos.get(REPOSITORY)).rejects.toMatchObject({ status: 404 });
    expect(github.repositoryOf("globex/app").full_name).toBe("globex/app");
  });

  it("one that is empty has no commits to list", async () => {
    await expect(client.rest.repos.listCommits(REPOSITORY)).rejects.toMatchObject({ status: 409 });
    await expect(client.rest.git.getRef({ ...REPOSITORY, ref: "heads/main" })).rejects.toMatchObject({ status: 409 });
    expect((await client.rest.repos.listBranches(REPOSITORY)).data).toEqual([]);
    const contents = client.rest.repos.getContent({ ...REPOSITORY, path: "README.md" });
    await expect(contents).rejects.toMatchObject({ status: 404 });
  });

  it("who may do what in it", async () => {
    const level = async (username: string) =>
      (await client.rest.repos.getCollaboratorPermissionLevel({ ...REPOSITORY, username })).data;
    expect(await level("bob")).toMatchObject({ permission: "write", role_name: "write" });
    expect(await level("cleo")).toMatchObject({ permission: "write", role_name: "maintain" });
    expect(await level("ada")).toMatchObject({ permission: "read" });
    await expect(level("nobody")).rejects.toMatchObject({ status: 404 });
  });

  it("accounts", async () => {
    expect((await client.rest.users.getByUsername({ username: "ADA" })).data.login).toBe("ada");
    expect((await client.rest.orgs.get({ org: "acme" })).data.login).toBe("acme");
    await expect(client.rest.users.getByUsername({ username: "nobody" })).rejects.toMatchObject({ status: 404 });
    const app = appClient(github);
    expect((await app.rest.apps.listInstallations()).data).toMatchObject([{ id: installation }]);
    expect((await app.rest.apps.getInstallation({ installation_id: installation })).data.id).toBe(installation);
    expect((await app.rest.apps.getRepoInstallation(REPOSITORY)).data.id).toBe(installation);
    expect((await app.rest.apps.getOrgInstallation({ org: "acme" })).data.id).toBe(installation);
  });
});

describe("what is in a repository", () => {
  let first: string;
  let second: string;

  beforeEach(async () => {
    first = await github.commit("acme/app", {
      files: { "README.md": "one\n", "src/key.ts": "1\n", ".github/CODEOWNERS": "* @ada\n" },
      message: "First",
    });
    second = await github.commit("acme/app", { files: { "src/key.ts": "2\n" }, message: "Second\n\nWith a body" });
  });

  it("branches, refs, commits, trees and blobs", async () => {
    expect((await client.rest.repos.listBranches(REPOSITORY)).data).toMatchObject([
      { name: "main", commit: { sha: second } },
    ]);
    await github.commit("acme/app", { branch: "feature/x", files: { b: "b\n" }, parent: second });
    const branch = await client.rest.repos.getBranch({ ...REPOSITORY, branch: "feature/x" });
    expect(branch.data.commit.parents).toMatchObject([{ sha: second }]);
    const ref = await client.rest.git.getRef({ ...REPOSITORY, ref: "heads/main" });
    expect(ref.data.object).toMatchObject({ type: "commit", sha: second });
    const matching = await client.rest.git.listMatchingRefs({ ...REPOSITORY, ref: "heads/feature" });
    expect(matching.data.map((entry) => entry.ref)).toEqual(["refs/heads/feature/x"]);
    const commit = await client.rest.git.getCommit({ ...REPOSITORY, commit_sha: second });
    expect(commit.data).toMatchObject({ message: "Second\n\nWith a body", parents: [{ sha: first }] });
    const tree = await client.rest.git.getTree({ ...REPOSITORY, tree_sha: commit.data.tree.sha, recursive: "1" });
    const entry = tree.data.tree.find(({ path }) => path === "src/key.ts");
    expect(entry).toMatchObject({ mode: "100644", type: "blob", size: 2 });
    const blob = await client.rest.git.getBlob({ ...REPOSITORY, file_sha: entry?.sha ?? "" });
    expect(Buffer.from(blob.data.content, "base64").toString()).toBe("2\n");
  });

  it("a commit by id, by branch, as a diff, and as nothing but its id", async () => {
    const { data } = await client.rest.repos.getCommit({ ...REPOSITORY, ref: "main" });
    expect(data).toMatchObject({
      sha: second,
      stats: { total: 2, additions: 1, deletions: 1 },
      files: [{ filename: "src/key.ts", status: "modified", patch: "@@ -1 +1 @@\n-1\n+2" }],
    });
    const diff = await client.rest.repos.getCommit({ ...REPOSITORY, ref: second, mediaType: { format: "diff" } });
    expect(diff.data).toContain("diff --git a/src/key.ts b/src/key.ts");
    const sha = await client.rest.repos.getCommit({ ...REPOSITORY, ref: "main", mediaType: { format: "sha" } });
    expect(sha.data).toBe(second);
    const missing = client.rest.repos.getCommit({ ...REPOSITORY, ref: "0".repeat(39).concat("1") });
    await expect(missing).rejects.toMatchObject({ status: 422 });
    const commits = await client.rest.repos.listCommits({ ...REPOSITORY, path: "README.md" });
    expect(commits.data.map((commit) => commit.sha)).toEqual([first]);
  });

  it("a comparison", async () => {
    await github.commit("acme/app", { branch: "topic", files: { c: "c\n" }, parent: first });
    const { data } = await client.rest.repos.compareCommitsWithBasehead({ ...REPOSITORY, basehead: "main...topic" });
    expect(data).toMatchObject({ status: "diverged", ahead_by: 1, behind_by: 1, files: [{ filename: "c" }] });
    expect(data.merge_base_commit.sha).toBe(first);
  });

  it("files and directories", async () => {
    const file = await client.rest.repos.getContent({ ...REPOSITORY, path: ".github/CODEOWNERS" });
    expect(file.data).toMatchObject({ type: "file", encoding: "base64", size: 7 });
    const raw = await client.rest.repos.getContent({
      ...REPOSITORY,
      path: "src/key.ts",
      ref: first,
      mediaType: { format: "raw" },
    });
    expect(raw.data).toBe("1\n");
    const directory = await client.rest.repos.getContent({ ...REPOSITORY, path: "src" });
    expect(directory.data).toMatchObject([{ type: "file", path: "src/key.ts" }]);
    const missing = client.rest.repos.getContent({ ...REPOSITORY, path: "nowhere" });
    await expect(missing).rejects.toMatchObject({ status: 404 });
  });

  it("what was pushed, for whoever has missed it", async () => {
    await github.commit("acme/app", { files: { "README.md": "two\n" }, parent: first, silent: true });
    await github.commit("acme/app", { branch: "gone", files: { d: "d" }, parent: first });
    await github.pushRef("acme/app", "refs/heads/gone", null);
    const { data } = await client.rest.repos.listActivities(REPOSITORY);
    expect(data.map(({ activity_type, ref }) => [activity_type, ref])).toEqual([
      ["branch_deletion", "refs/heads/gone"],
      ["branch_creation", "refs/heads/gone"],
      ["force_push", "refs/heads/main"],
      ["push", "refs/heads/main"],
      ["branch_creation", "refs/heads/main"],
    ]);
    expect(data[2]?.before).toBe(second);
    const forced = await client.rest.repos.listActivities({ ...REPOSITORY, activity_type: "force_push" });
    expect(forced.data).toHaveLength(1);
  });

  it("pull requests, their files and commits", async () => {
    await github.fork("acme/app", "bob");
    const head = await github.commit("bob/app", { branch: "fix", files: { e: "e\n" }, parent: second, by: "bob" });
    const pull_number = await github.createPullRequest("acme/app", { head: "fix", from: "bob/app", by: "bob" });
    const { data } = await client.rest.pulls.get({ ...REPOSITORY, pull_number });
    expect(data).toMatchObject({
      head: { sha: head, label: "bob:fix", repo: { full_name: "bob/app" } },
      base: { sha: second, ref: "main" },
      commits: 1,
      changed_files: 1,
      mergeable: true,
      merged: false,
    });
    expect((await client.rest.pulls.list(REPOSITORY)).data).toHaveLength(1);
    const files = await client.rest.pulls.listFiles({ ...REPOSITORY, pull_number });
    expect(files.data).toMatchObject([{ filename: "e", status: "added" }]);
    const commits = await client.rest.pulls.listCommits({ ...REPOSITORY, pull_number });
    expect(commits.data.map(({ sha }) => sha)).toEqual([head]);
    await github.closePullRequest("acme/app", pull_number);
    expect((await client.rest.pulls.list(REPOSITORY)).data).toEqual([]);
    expect((await client.rest.pulls.list({ ...REPOSITORY, state: "closed" })).data).toHaveLength(1);
  });
});

describe("check runs", () => {
  const annotation = {
    path: "src/key.ts",
    start_line: 1,
    end_line: 1,
    annotation_level: "failure" as const,
    message: "A token",
  };
  let head: string;

  beforeEach(async () => {
    head = await github.commit("acme/app", { files: { a: "a\n" } });
  });

  it("are created, updated and found; annotations add up", async () => {
    const name = "Keyrecall";
    const { data: run } = await client.rest.checks.create({
      ...REPOSITORY,
      name,
      head_sha: head,
      status: "in_progress",
      external_id: "incident 1",
    });
    expect(run).toMatchObject({ status: "in_progress", conclusion: null, app: { slug: "keyrecall-test" } });
    const update = { ...REPOSITORY, check_run_id: run.id };
    const output = { title: "One leak", summary: "A token", annotations: [annotation] };
    await client.rest.checks.update({ ...update, output });
    const { data } = await client.rest.checks.update({ ...update, conclusion: "failure", output });
    expect(data).toMatchObject({ status: "completed", conclusion: "failure", output: { annotations_count: 2 } });
    const found = await client.rest.checks.listForRef({ ...REPOSITORY, ref: "main", check_name: name });
    expect(found.data).toMatchObject({ total_count: 1, check_runs: [{ external_id: "incident 1" }] });
    expect((await client.rest.checks.listAnnotations(update)).data).toHaveLength(2);
    expect((await client.rest.checks.get(update)).data.id).toBe(run.id);
    const suites = await client.rest.checks.listSuitesForRef({ ...REPOSITORY, ref: head });
    expect(suites.data.check_suites).toMatchObject([{ status: "completed", conclusion: "failure" }]);
    await client.rest.checks.rerequestSuite({ ...REPOSITORY, check_suite_id: run.check_suite?.id ?? 0 });
    await client.rest.checks.rerequestRun(update);
    expect(github.checkRunsOf("acme/app")).toMatchObject([{ annotations: [annotation, annotation] }]);
  });

  it("of a name, the latest is listed", async () => {
    const create = () => client.rest.checks.create({ ...REPOSITORY, name: "Keyrecall", head_sha: head });
    const ids = [(await create()).data.id, (await create()).data.id];
    const listed = async (filter: "latest" | "all") =>
      (await client.rest.checks.listForRef({ ...REPOSITORY, ref: head, filter })).data.check_runs.map(({ id }) => id);
    expect(await listed("latest")).toEqual([ids[1]]);
    expect(await listed("all")).toEqual([ids[1], ids[0]]);
  });

  it.each([
    ["51 annotations", { annotations: Array.from({ length: 51 }, () => annotation) }],
    ["too long a summary", { summary: "x".repeat(65_536) }],
    ["columns over several lines", { annotations: [{ ...annotation, end_line: 2, start_column: 1 }] }],
    ["too long a message", { annotations: [{ ...annotation, message: "x".repeat(65_537) }] }],
  ])("%s are too much", async (_name, output) => {
    const asked = { ...REPOSITORY, name: "Keyrecall", head_sha: head };
    const refused = client.rest.checks.create({ ...asked, output: { title: "t", summary: "s", ...output } });
    await expect(refused).rejects.toMatchObject({ status: 422 });
    github.takeComplaints();
    expect(github.checkRunsOf("acme/app")).toEqual([]);
  });

  it("are for commits that are there, and not for people", async () => {
    const unknown = client.rest.checks.create({ ...REPOSITORY, name: "Keyrecall", head_sha: "1".repeat(40) });
    await expect(unknown).rejects.toMatchObject({ status: 422 });
    const response = await fetch(`${github.baseUrl}/repos/acme/app/check-runs`, {
      method: "POST",
      headers: { "user-agent": "test", authorization: `Bearer ${github.createUserToken("bob")}` },
      body: JSON.stringify({ name: "Keyrecall", head_sha: head }),
    });
    expect(response.status).toBe(403);
  });
});

describe("issues", () => {
  it("are created with labels that come into being, and with assignees that can be assigned", async () => {
    const { data } = await client.rest.issues.create({
      ...REPOSITORY,
      title: "Rotate",
      body: "<!-- keyrecall:incident 1 -->",
      labels: ["leak"],
      assignees: ["ada", "nobody", "acme"],
    });
    expect(data).toMatchObject({
      number: 1,
      user: { login: "keyrecall-test[bot]", type: "Bot" },
      labels: [{ name: "leak" }],
      assignees: [{ login: "ada" }],
      performed_via_github_app: { slug: "keyrecall-test" },
    });
    await client.rest.issues.checkUserCanBeAssigned({ ...REPOSITORY, assignee: "bob" });
    const nobody = client.rest.issues.checkUserCanBeAssigned({ ...REPOSITORY, assignee: "nobody" });
    await expect(nobody).rejects.toMatchObject({ status: 404 });
  });

  it("are found by state, label, creator, assignee and time", async () => {
    const bot = "keyrecall-test[bot]";
    github.addIssue("acme/app", { title: "By a person", labels: ["leak"] });
    await client.rest.issues.create({ ...REPOSITORY, title: "Ours", labels: ["leak"], assignees: ["ada"] });
    github.changeIssue("acme/app", 1, { state: "closed" });
    const titles = async (query: Readonly<Record<string, string>>) =>
      (await client.rest.issues.listForRepo({ ...REPOSITORY, ...query })).data.map(({ title }) => title);
    expect(await titles({})).toEqual(["Ours"]);
    expect(await titles({ state: "all" })).toEqual(["Ours", "By a person"]);
    expect(await titles({ state: "all", direction: "asc" })).toEqual(["By a person", "Ours"]);
    expect(await titles({ state: "all", labels: "leak", creator: bot })).toEqual(["Ours"]);
    expect(await titles({ state: "all", labels: "leak,other" })).toEqual([]);
    expect(await titles({ assignee: "ada" })).toEqual(["Ours"]);
    expect(await titles({ assignee: "none" })).toEqual([]);
    expect(await titles({ state: "all", since: new Date(Date.now() + 60_000).toISOString() })).toEqual([]);
    const found = await client.rest.search.issuesAndPullRequests({
      q: "repo:acme/app is:issue author:app/keyrecall-test",
    });
    expect(found.data).toMatchObject({ total_count: 1, items: [{ title: "Ours" }] });
    github.set({ searchLagSeconds: 60 });
    expect((await client.rest.search.issuesAndPullRequests({ q: "Ours" })).data.total_count).toBe(0);
  });

  it("are closed, reopened and commented on", async () => {
    await client.rest.issues.create({ ...REPOSITORY, title: "Rotate" });
    const issue = { ...REPOSITORY, issue_number: 1 };
    const closed = await client.rest.issues.update({ ...issue, state: "closed", state_reason: "not_planned" });
    expect(closed.data).toMatchObject({ state: "closed", state_reason: "not_planned", closed_by: { type: "Bot" } });
    const reopened = await client.rest.issues.update({ ...issue, state: "open" });
    expect(reopened.data).toMatchObject({ state: "open", state_reason: "reopened", closed_at: null });
    const { data: comment } = await client.rest.issues.createComment({ ...issue, body: "one" });
    await client.rest.issues.updateComment({ ...REPOSITORY, comment_id: comment.id, body: "two" });
    expect((await client.rest.issues.listComments(issue)).data).toMatchObject([{ body: "two" }]);
    expect((await client.rest.issues.get(issue)).data.comments).toBe(1);
    await client.rest.issues.deleteComment({ ...REPOSITORY, comment_id: comment.id });
    expect(github.commentsOf("acme/app", 1)).toEqual([]);
  });

  it("have limits", async () => {
    const long = "x".repeat(65_537);
    const refused = client.rest.issues.create({ ...REPOSITORY, title: "Rotate", body: long });
    await expect(refused).rejects.toMatchObject({
      status: 422,
      response: { data: { errors: [{ field: "body", message: "body is too long (maximum is 65536 characters)" }] } },
    });
    await client.rest.issues.create({ ...REPOSITORY, title: "Rotate", body: long.slice(1) });
    const comment = client.rest.issues.createComment({ ...REPOSITORY, issue_number: 1, body: long });
    await expect(comment).rejects.toMatchObject({ status: 422 });
    const empty = client.rest.issues.create({ ...REPOSITORY, title: "" });
    await expect(empty).rejects.toMatchObject({ status: 422 });
  });

  it("can be disabled", async () => {
    await client.rest.issues.create({ ...REPOSITORY, title: "Rotate" });
    github.setIssuesEnabled("acme/app", false);
    const gone = { status: 410 };
    await expect(client.rest.issues.create({ ...REPOSITORY, title: "x" })).rejects.toMatchObject(gone);
    await expect(client.rest.issues.get({ ...REPOSITORY, issue_number: 1 })).rejects.toMatchObject(gone);
    await expect(client.rest.issues.listForRepo(REPOSITORY)).rejects.toMatchObject(gone);
  });

  it("have labels", async () => {
    await client.rest.issues.createLabel({ ...REPOSITORY, name: "Leak", color: "FF0000", description: "A leak" });
    const again = client.rest.issues.createLabel({ ...REPOSITORY, name: "leak" });
    await expect(again).rejects.toMatchObject({
      status: 422,
      response: { data: { errors: [{ code: "already_exists" }] } },
    });
    expect((await client.rest.issues.getLabel({ ...REPOSITORY, name: "LEAK" })).data.color).toBe("ff0000");
    await expect(client.rest.issues.getLabel({ ...REPOSITORY, name: "x" })).rejects.toMatchObject({ status: 404 });
    await client.rest.issues.create({ ...REPOSITORY, title: "Rotate" });
    const issue = { ...REPOSITORY, issue_number: 1 };
    expect((await client.rest.issues.addLabels({ ...issue, labels: ["leak"] })).data).toMatchObject([{ name: "Leak" }]);
    expect((await client.rest.issues.removeLabel({ ...issue, name: "leak" })).data).toEqual([]);
    const assigned = await client.rest.issues.addAssignees({ ...issue, assignees: ["bob", "nobody"] });
    expect(assigned.data.assignees).toMatchObject([{ login: "bob" }]);
    expect((await client.rest.issues.removeAssignees({ ...issue, assignees: ["bob"] })).data.assignees).toEqual([]);
  });
});

describe("security", () => {
  it("advisories are drafts, or reports where the repository takes them", async () => {
    const fields = { summary: "A token", description: "It lives", severity: "high" as const };
    const vulnerabilities = [{ package: { ecosystem: "other" as const, name: "app" } }];
    const { data } = await client.rest.securityAdvisories.createRepositoryAdvisory({
      ...REPOSITORY,
      ...fields,
      vulnerabilities,
    });
    expect(data).toMatchObject({ state: "draft", summary: "A token", severity: "high" });
    const advisory = { ...REPOSITORY, ghsa_id: data.ghsa_id };
    await client.rest.securityAdvisories.updateRepositoryAdvisory({ ...advisory, state: "closed" });
    expect((await client.rest.securityAdvisories.getRepositoryAdvisory(advisory)).data.state).toBe("closed");
    const report = { owner: "acme", repo: "open", ...fields };
    await github.addRepository("acme/open");
    const refused = client.rest.securityAdvisories.createPrivateVulnerabilityReport(report);
    await expect(refused).rejects.toMatchObject({ status: 403 });
    await github.addRepository("acme/asks", { privateReporting: true });
    const taken = await client.rest.securityAdvisories.createPrivateVulnerabilityReport({ ...report, repo: "asks" });
    expect(taken.data).toMatchObject({ state: "triage", submission: { accepted: false } });
    expect(github.advisoriesOf("acme/asks")).toMatchObject([{ author: "keyrecall-test[bot]" }]);
    const seen = await fetch(`${github.baseUrl}/repos/acme/asks/security-advisories`, {
      headers: { "user-agent": "x" },
    });
    expect(seen.status).toBe(401);
  });

  it("alerts about secrets hold the secret, and take a verdict", async () => {
    const alert_number = github.addSecretAlert("acme/app", { secret: "the secret" });
    const alert = { ...REPOSITORY, alert_number };
    expect((await client.rest.secretScanning.getAlert(alert)).data.secret).toBe("the secret");
    const hidden = await client.rest.secretScanning.listAlertsForRepo({ ...REPOSITORY, hide_secret: true });
    expect(hidden.data[0]).not.toHaveProperty("secret");
    const without = client.rest.secretScanning.updateAlert({ ...alert, state: "resolved" });
    await expect(without).rejects.toMatchObject({ status: 422 });
    github.takeComplaints();
    await client.rest.secretScanning.updateAlert({ ...alert, state: "resolved", resolution: "revoked" });
    expect(github.alertsOf("acme/app")).toMatchObject([{ state: "resolved", resolution: "revoked" }]);
    const open = await client.rest.secretScanning.listAlertsForRepo({ ...REPOSITORY, state: "open" });
    expect(open.data).toEqual([]);
  });
});

describe("pages, caches and limits", () => {
  it("lists come in pages that lead to each other", async () => {
    github.set({ contentPerMinute: null });
    for (let number = 1; number <= 7; number += 1) github.addIssue("acme/app", { title: `Issue ${number}` });
    const first = await client.rest.issues.listForRepo({ ...REPOSITORY, per_page: 3 });
    expect(first.headers.link).toMatch(/page=2>; rel="next", <.*page=3>; rel="last"$/);
    const all = await client.paginate(client.rest.issues.listForRepo, { ...REPOSITORY, per_page: 3 });
    expect(all.map(({ number }) => number)).toEqual([7, 6, 5, 4, 3, 2, 1]);
    for (let number = 1; number <= 4; number += 1) await github.addRepository(`acme/more-${number}`);
    const repositories = await client.paginate(client.rest.apps.listReposAccessibleToInstallation, { per_page: 2 });
    expect(repositories).toHaveLength(5);
  });

  it("what has not changed is 304, and costs nothing", async () => {
    const { headers } = await client.rest.issues.listForRepo(REPOSITORY);
    const again = client.rest.issues.listForRepo({ ...REPOSITORY, headers: { "if-none-match": headers.etag ?? "" } });
    await expect(again).rejects.toMatchObject({
      status: 304,
      response: { headers: { "x-ratelimit-remaining": headers["x-ratelimit-remaining"] } },
    });
    github.addIssue("acme/app", { title: "New" });
    const changed = await client.rest.issues.listForRepo({
      ...REPOSITORY,
      headers: { "if-none-match": headers.etag ?? "" },
    });
    expect(changed.data).toHaveLength(1);
  });

  it("the primary limit is each installation's own", async () => {
    await github.addRepository("globex/app");
    const other = appClient(github, github.addInstallation("globex"));
    github.leaveRequests(installation, 1, 1800);
    const { headers } = await client.rest.repos.get(REPOSITORY);
    expect(headers).toMatchObject({ "x-ratelimit-remaining": "0", "x-ratelimit-resource": "core" });
    const refused = client.rest.repos.get(REPOSITORY);
    await expect(refused).rejects.toMatchObject({
      status: 403,
      message: expect.stringContaining("API rate limit exceeded for installation ID"),
    });
    expect((await client.rest.rateLimit.get()).data.rate).toMatchObject({ remaining: 0, limit: 5000 });
    await other.rest.repos.get({ owner: "globex", repo: "app" });
  });

  it("secondary limits come with a time to wait, and with none", async () => {
    const create = () => client.rest.issues.create({ ...REPOSITORY, title: "Rotate" });
    github.limitSecondary({ retryAfterSeconds: 7, status: 429, route: ISSUES });
    await client.rest.repos.get(REPOSITORY);
    await expect(create()).rejects.toMatchObject({
      status: 429,
      response: {
        headers: { "retry-after": "7" },
        data: { documentation_url: expect.stringContaining("#about-secondary-rate-limits") },
      },
    });
    github.limitSecondary({ route: ISSUES });
    await expect(create()).rejects.toMatchObject({ status: 403 });
    await create();
    github.set({ contentPerMinute: 2 });
    await create();
    await expect(create()).rejects.toMatchObject({ status: 403, message: expect.stringContaining("secondary rate") });
    expect(github.issuesOf("acme/app")).toHaveLength(2);
  });
});

describe("faults", () => {
  it("a request can take effect although the client is told that it failed", async () => {
    github.inject({ kind: "unavailable", status: 502, actFirst: true }, { route: ISSUES, times: 1 });
    const create = () => client.rest.issues.create({ ...REPOSITORY, title: "Rotate" });
    await expect(create()).rejects.toMatchObject({ status: 502 });
    expect(github.issuesOf("acme/app")).toHaveLength(1);
    github.inject({ kind: "reset-before-headers" }, { route: ISSUES, times: 1 });
    await expect(create()).rejects.toThrow(/ECONNRESET|fetch failed|closed/);
    expect(github.issuesOf("acme/app")).toHaveLength(1);
    await create();
    expect(github.issuesOf("acme/app")).toHaveLength(2);
    expect(github.requests.map(({ fault }) => fault).filter((fault) => fault !== null)).toEqual([
      "unavailable",
      "reset-before-headers",
    ]);
  });

  it("a fault for a route that is not there would never be played", () => {
    expect(() => github.inject({ kind: "hang" }, { route: "POST /nowhere" })).toThrow("there is no route");
  });
});
