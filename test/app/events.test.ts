// Every kind of push and pull request through the App as a process. Each case has an organisation of its own, so that
// they need not wait for each other.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { zip } from "../support/archives.ts";
import { type AppProcess, AppWorld, until } from "./support/app-world.ts";
import { checkRunOn, issuesAbout, rotationIssue } from "./support/outcomes.ts";
import { UserGit } from "./support/user-git.ts";

let world: AppWorld;
let app: AppProcess;

beforeAll(async () => {
  world = await AppWorld.make();
  app = await world.start();
});

afterAll(() => world.close());

const requestsAbout = (fingerprint: string): number => world.revocationsOf({ fingerprint }).length;

describe.concurrent("pushes", () => {
  it("finds a token that a later commit of the same push removes", async () => {
    const { repository } = await world.addTenant();
    const token = world.api.mintControlToken("acme");
    const git = new UserGit(world, repository);
    git.commit({ ".env": token.raw }, "Add");
    git.commit({ ".env": "" }, "Remove");
    const head = await git.push("HEAD:refs/heads/main");
    const issue = await rotationIssue(world, repository, token, "**Contained.**");
    expect(issue.body).toContain("removed by");
    expect((await checkRunOn(world, repository, head)).conclusion).toBe("failure");
  });

  it("says in which entries of an archive it stands", async () => {
    const { repository } = await world.addTenant();
    const token = world.api.mintControlToken("acme");
    const git = new UserGit(world, repository);
    const content = Buffer.from(`# settings\nKEY=${token.raw}\n`);
    git.repository.write(
      "lib/app.jar",
      zip([
        { name: "config/.env", content, method: "deflated" },
        { name: `${token.raw}.txt`, content, method: "deflated" },
      ]),
    );
    git.commit({}, "Add");
    await git.push("HEAD:refs/heads/main");
    const { body } = await rotationIssue(world, repository, token, "**Contained.**");
    expect(body).toContain("in the entry `config/.env`, line 2, in");
    expect(body).toContain(`in the entry \`${token.masked}`);
  });

  it("finds it in names, messages and people, and shows none of it", async () => {
    const { repository } = await world.addTenant();
    const tokens = Array.from({ length: 5 }, () => world.api.mintControlToken("acme"));
    const [inBranch, inPath, inMessage, inAuthor, inTag] = tokens.map(({ raw }) => raw) as [
      string,
      string,
      string,
      string,
      string,
    ];
    const git = new UserGit(world, repository);
    git.commit({ "README.md": "x" }, "Begin");
    await git.push("HEAD:refs/heads/main");
    git.commit({ [`backup/${inPath}.txt`]: "x" }, `Deploy with ${inMessage}`, `Ada ${inAuthor}`);
    await git.push(`HEAD:refs/heads/try/${inBranch}`);
    git.repository.git(["tag", "--annotate", "--message", `Release ${inTag}`, "v1"]);
    await git.push("refs/tags/v1");
    for (const token of tokens) {
      const issue = await rotationIssue(world, repository, token, "**Contained.**");
      expect(world.api.statusOf(token)).toBe("revoked");
      expect(issue.title).toContain(token.masked);
    }
    const head = git.repository.id("HEAD");
    const run = await checkRunOn(world, repository, head, ({ output }) => output.title === "5 leaked tokens");
    expect(run.conclusion).toBe("failure");
    for (const kind of [
      "name of a ref",
      "name of a file",
      "message of commit",
      "author or committer",
      "message of a tag",
    ]) {
      expect(run.output.summary).toContain(kind);
    }
  });

  it("works where the default branch itself has a token in its name, and stores none of it", async () => {
    const token = world.api.mintControlToken("acme");
    const { repository } = await world.addTenant({ defaultBranch: `main-${token.raw}` });
    await world.github.commit(repository, { files: { "README.md": "x" } });
    const issue = await rotationIssue(world, repository, token, "**Contained.**");
    expect(issue.body).toContain("name of a ref");
    // Of another branch all is read, as nobody knows what the default one has.
    const head = await world.github.commit(repository, { files: { "README.md": "y" }, branch: "other" });
    expect((await checkRunOn(world, repository, head)).conclusion).toBe("success");
  });

  it("reads a forced push, and what it took away", async () => {
    const { repository } = await world.addTenant();
    const [first, second] = [world.api.mintControlToken("acme"), world.api.mintDataToken([])];
    const base = await world.github.commit(repository, { files: { "README.md": "x" } });
    await checkRunOn(world, repository, base);
    // Nobody is told of the push that is taken away again.
    await world.github.commit(repository, { files: { ".env": first.raw }, silent: true });
    const head = await world.github.commit(repository, { files: { ".env": second.raw }, parent: base });
    await rotationIssue(world, repository, second, "**Contained.**");
    await rotationIssue(world, repository, first, "**Contained.**");
    expect((await checkRunOn(world, repository, head)).conclusion).toBe("failure");
  });

  it("says of a push that comes after a later one what it brought", async () => {
    const { repository } = await world.addTenant();
    const token = world.api.mintControlToken("acme");
    const base = await world.github.commit(repository, { files: { "README.md": "x" } });
    await checkRunOn(world, repository, base);
    const early = await world.github.commit(repository, { files: { ".env": token.raw }, silent: true });
    const later = await world.github.commit(repository, { files: { "README.md": "y" } });
    await checkRunOn(world, repository, later, ({ conclusion }) => conclusion === "failure");
    tellOf(repository, { ref: "refs/heads/main", before: base, after: early });
    expect((await checkRunOn(world, repository, early)).conclusion).toBe("failure");
    // From there on the later push counts as what was read last.
    const last = await world.github.commit(repository, { files: { "README.md": "z" } });
    expect((await checkRunOn(world, repository, last)).conclusion).toBe("success");
  });

  it("reads a new branch whose first push comes after its second", async () => {
    const { repository } = await world.addTenant();
    const token = world.api.mintControlToken("acme");
    await world.github.commit(repository, { files: { "README.md": "x" } });
    const files = { ".env": token.raw };
    const created = await world.github.commit(repository, { files, branch: "feature", silent: true });
    const later = await world.github.commit(repository, { files: { "README.md": "y" }, branch: "feature" });
    await checkRunOn(world, repository, later);
    tellOf(repository, { ref: "refs/heads/feature", before: "0".repeat(40), after: created });
    await rotationIssue(world, repository, token, "**Contained.**");
  });

  it("lets branches come and go", async () => {
    const { repository } = await world.addTenant();
    const token = world.api.mintControlToken("acme");
    const base = await world.github.commit(repository, { files: { "README.md": "x" } });
    await world.github.pushRef(repository, "refs/heads/same", base);
    const leak = await world.github.commit(repository, { files: { ".env": token.raw }, branch: "feature" });
    await rotationIssue(world, repository, token, "**Contained.**");
    await world.github.pushRef(repository, "refs/heads/feature", null);
    await until(() => app.output().includes("a ref was deleted"));
    await world.github.pushRef(repository, "refs/heads/again", leak);
    await world.github.settled();
    expect((await checkRunOn(world, repository, leak)).conclusion).toBe("failure");
    expect((await checkRunOn(world, repository, base)).conclusion).toBe("success");
    expect(requestsAbout(token.fingerprint)).toBe(1);
  });

  it("reads more commits than a webhook names", async () => {
    const { repository } = await world.addTenant();
    const token = world.api.mintControlToken("acme");
    const git = new UserGit(world, repository);
    git.commit({ "README.md": "x" }, "Begin");
    await git.push("HEAD:refs/heads/main");
    // Of what is pushed it is the oldest commit, which the payload has no room for.
    git.commit({ ".env": token.raw }, "Leak");
    git.importCommits(2100);
    const head = await git.push("HEAD:refs/heads/main");
    await rotationIssue(world, repository, token, "**Contained.**");
    expect((await checkRunOn(world, repository, head)).conclusion).toBe("failure");
  });

  it("asks again when a contained token is pushed again, and once per organisation", async () => {
    const { repository, organization } = await world.addTenant();
    await world.github.addRepository(`${organization}/other`, { private: true });
    const token = world.api.mintControlToken("acme");
    await world.github.commit(repository, { files: { ".env": token.raw } });
    const issue = await rotationIssue(world, repository, token, "**Contained.**");
    const other = await world.github.commit(`${organization}/other`, { files: { "config/.env": token.raw } });
    await rotationIssue(world, repository, token, "in 2 repositories");
    expect((await checkRunOn(world, `${organization}/other`, other)).conclusion).toBe("failure");
    expect(issuesAbout(world, `${organization}/other`)).toEqual([]);
    expect(requestsAbout(token.fingerprint)).toBe(1);

    // Closed, it opens again when the token turns up once more, with nothing ticked.
    const ticked = (issuesAbout(world, repository, token)[0]?.body ?? "").replaceAll("- [ ]", "- [x]");
    world.github.changeIssue(repository, issue.number, { body: ticked });
    await rotationIssue(world, repository, token, "**Resolved.**");
    await world.github.commit(repository, { files: { "copy.env": token.raw } });
    await until(() => issuesAbout(world, repository, token)[0]?.state === "open");
    const again = await rotationIssue(world, repository, token, "**Contained.**");
    expect(again.body).toContain("- [ ] **Mint**");
    expect(requestsAbout(token.fingerprint)).toBe(1);
  });

  it("begins anew when a contained token works again and turns up", async () => {
    const { repository } = await world.addTenant();
    const token = world.api.mintControlToken("acme");
    await world.github.commit(repository, { files: { ".env": token.raw } });
    const issue = await rotationIssue(world, repository, token, "**Contained.**");
    world.github.changeIssue(repository, issue.number, { state: "closed" });
    await rotationIssue(world, repository, token, "**Resolved.**");
    world.api.restore(token);
    await world.github.commit(repository, { files: { "copy.env": token.raw } });
    await until(() => world.api.statusOf(token) === "revoked");
    const again = await until(() => {
      const [one] = issuesAbout(world, repository, token);
      return one?.state === "open" && one.body?.includes("**Contained.**") && one.body.includes("accepts it again")
        ? one
        : null;
    });
    expect(again.number).toBe(issue.number);
    const said = await until(() => {
      const bodies = world.github.commentsOf(repository, issue.number).map(({ body }) => body);
      return bodies.some((body) => body?.includes("turned up again")) ? bodies : null;
    });
    expect(said.filter((body) => body?.includes("turned up again"))).toHaveLength(1);
    expect(requestsAbout(token.fingerprint)).toBe(2);
  });

  it("opens no issue for a token that was dead already", async () => {
    const { repository } = await world.addTenant();
    const token = world.api.mintControlToken("acme");
    world.api.set({ revokedControl: "401" });
    world.api.revoke(token);
    const head = await world.github.commit(repository, { files: { ".env": token.raw } });
    const run = await checkRunOn(
      world,
      repository,
      head,
      ({ output }) => output.summary?.includes("**revoked**") ?? false,
    );
    expect(run.conclusion).toBe("failure");
    expect(issuesAbout(world, repository)).toEqual([]);
    expect(requestsAbout(token.fingerprint)).toBe(0);
  });
});

describe.concurrent("pull requests", () => {
  it("reads all commits of one, from a fork too, when opened, added to and opened again", async () => {
    const { repository } = await world.addTenant();
    await world.github.commit(repository, { files: { "README.md": "x" } });
    const fork = `stranger-${repository.split("/")[0]}/shop`;
    world.github.addUser(fork.split("/")[0]!);
    await world.github.fork(repository, fork.split("/")[0]!);
    const [first, second] = [world.api.mintControlToken("acme"), world.api.mintControlToken("acme")];
    const opened = await world.github.commit(fork, { files: { ".env": first.raw }, branch: "fix", by: "ada" });
    const number = await world.github.createPullRequest(repository, { head: "fix", from: fork, by: "ada" });
    await rotationIssue(world, repository, first, "**Contained.**");
    expect((await checkRunOn(world, repository, opened)).conclusion).toBe("failure");
    const synchronized = await world.github.commit(fork, { files: { "b.env": second.raw }, branch: "fix", by: "ada" });
    const issue = await rotationIssue(world, repository, second, "**Contained.**");
    expect(issue.body).toContain(`refs/pull/${number}/head`);
    const run = await checkRunOn(world, repository, synchronized, ({ output }) => output.title === "2 leaked tokens");
    expect(run.conclusion).toBe("failure");
    await world.github.closePullRequest(repository, number);
    await world.github.reopenPullRequest(repository, number);
    await world.github.settled();
    expect(world.github.checkRunsOf(repository, synchronized)).toHaveLength(1);
    expect(requestsAbout(first.fingerprint)).toBe(1);
  });

  it("looks again when somebody asks for it, each time", async () => {
    const { repository } = await world.addTenant();
    const token = world.api.mintControlToken("acme");
    const head = await world.github.commit(repository, { files: { ".env": token.raw } });
    await rotationIssue(world, repository, token, "**Contained.**");
    const { id } = await checkRunOn(
      world,
      repository,
      head,
      ({ output }) => output.summary?.includes("revoked") ?? false,
    );
    for (let round = 0; round < 2; round += 1) {
      const before = (await checkRunOn(world, repository, head)).completed_at;
      await new Promise((resolve) => setTimeout(resolve, 1100));
      world.github.rerunCheck(repository, id);
      const run = await checkRunOn(world, repository, head, ({ completed_at: at }) => at !== before);
      expect(run).toMatchObject({ id, conclusion: "failure" });
    }
    const before = (await checkRunOn(world, repository, head)).completed_at;
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await world.github.rerunSuite(repository, head);
    await checkRunOn(world, repository, head, ({ completed_at: at }) => at !== before);
    expect(requestsAbout(token.fingerprint)).toBe(1);
  });

  it("looks for the first time where a push was never told of and somebody asks", async () => {
    const { repository } = await world.addTenant();
    const [token, older] = [1, 2].map(() => world.api.mintControlToken("acme"));
    await world.github.commit(repository, { files: { "old.env": older!.raw }, silent: true });
    const head = await world.github.commit(repository, { files: { ".env": token!.raw }, branch: "fix", silent: true });
    await world.github.rerunSuite(repository, head);
    await rotationIssue(world, repository, token!, "**Contained.**");
    const run = await checkRunOn(world, repository, head);
    expect(run).toMatchObject({ conclusion: "failure" });
    expect(run.output.title).toBe("1 leaked token");
    // What the default branch has is not what is asked about.
    expect(requestsAbout(older!.fingerprint)).toBe(0);
  });

  it("says that nothing was found where nothing is", async () => {
    const { repository } = await world.addTenant();
    const head = await world.github.commit(repository, { files: { "README.md": "ik_sdk_ and ik_live_ begin tokens" } });
    expect(await checkRunOn(world, repository, head)).toMatchObject({
      conclusion: "success",
      output: { title: "No leaked tokens" },
    });
    expect(issuesAbout(world, repository)).toEqual([]);
  });
});

/** Sends the webhook of a push that was made without one. */
function tellOf(repository: string, push: { ref: string; before: string; after: string }): void {
  const [template] = world.github
    .deliveries()
    .filter(({ event, body }) => event === "push" && body.includes(`"${repository}"`))
    .map(({ body }) => JSON.parse(body) as Record<string, unknown>);
  world.github.deliver("push", {
    ...template,
    ...push,
    created: /^0+$/.test(push.before),
    deleted: false,
    forced: false,
    commits: [],
    head_commit: { ...(template?.["head_commit"] as object), id: push.after },
  });
}
