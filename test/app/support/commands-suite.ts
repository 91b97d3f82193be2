// Commands in comments of the rotation issue, and the buttons of the check run, through the App as a process: who may do
// what is asked from the API, and the answer says no more than its place may be told.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEFAULT_SWITCHES } from "../../emulators/inferencekey/switches.ts";
import type { MadeToken } from "../../support/token.ts";
import { type AppProcess, AppWorld, type Tenant, until } from "./app-world.ts";
import { MEMBERS } from "./full-app.ts";
import { checkRunOn, issuesAbout, outcomesOf, rotationIssue } from "./outcomes.ts";

interface Leak extends Tenant {
  readonly token: MadeToken;
  readonly number: number;
  readonly head: string;
}

/** @param environment where the data is kept, for a new App */
export function describeCommands(environment: () => Promise<Record<string, string>>): void {
  let world: AppWorld;
  let app: AppProcess;

  const revocationsOf = (token: MadeToken): number => world.revocationsOf(token).length;
  const questionsAbout = ({ fingerprint }: MadeToken): number =>
    world.api.requests.filter((request) => request.fingerprint === fingerprint).length;

  /** A leaked token with its issue, once the issue says something. `grace` may write, `ada` may read. */
  async function leak(says = "**Contained.**", tenant?: Tenant): Promise<Leak> {
    const where = tenant ?? (await world.addTenant());
    world.github.addCollaborator(where.repository, "grace", "write");
    const token = world.api.mintControlToken("acme");
    const head = await world.github.commit(where.repository, { files: { ".env": token.raw } });
    const { number } = await rotationIssue(world, where.repository, token, says);
    return { ...where, token, number, head };
  }

  /** Tokens wait for somebody: `grace`, or whoever is in the team. */
  async function onApproval(approvers = "{ users: [grace] }"): Promise<Tenant> {
    const tenant = await world.addTenant();
    world.github.setPermissions(tenant.installation, MEMBERS);
    world.github.addUser("grace");
    world.github.addTeam(tenant.organization, "security", ["linus"]);
    const name = `${tenant.organization}/.github-private`;
    await world.github.addRepository(name, { private: true });
    await world.github.commit(name, {
      files: { "keyrecall.yml": `version: 1\nrevocation: { default: on-approval }\napprovers: ${approvers}\n` },
    });
    await until(() => world.github.issuesOf(name).length > 0);
    return tenant;
  }

  const say = ({ repository, number }: Leak, body: string, by = "grace"): number =>
    world.github.addComment(repository, number, body, by);

  /** What the App said below the issue, with none of what it says of states. */
  const answersIn = ({ repository, number }: Leak): string[] => {
    const { botLogin } = world.github.appCredentials();
    return world.github
      .commentsOf(repository, number)
      .filter(
        ({ user, body }) => user?.login === botLogin && /keyrecall:comment (command|forbidden|button)/.test(body ?? ""),
      )
      .map(({ body }) => (body ?? "").split("\n").slice(2).join("\n"));
  };

  async function answered(one: Leak, comment: number, says: RegExp, content = "confused"): Promise<void> {
    await until(() => world.github.reactionsTo(one.repository, comment).length > 0);
    expect(world.github.reactionsTo(one.repository, comment)).toEqual([
      { content, by: world.github.appCredentials().botLogin },
    ]);
    await until(
      () => answersIn(one).some((answer) => says.test(answer)) || Promise.reject(new Error(answersIn(one).join("\n"))),
    );
  }

  beforeAll(async () => {
    world = await AppWorld.make(await environment());
    app = await world.start();
  });
  afterAll(() => world.close());

  describe.concurrent("a command", () => {
    it("resolves what is out of service, once, and says by whom and why", async () => {
      const one = await leak();
      const comment = say(one, "/keyrecall resolve moved over in #12");
      await answered(one, comment, /^Closed as resolved/, "+1");
      const issue = await rotationIssue(world, one.repository, one.token, "**Closed as resolved**");
      await until(() => issuesAbout(world, one.repository, one.token)[0]?.state === "closed");
      expect(issue.body).toMatch(/by `@grace`: moved over in `#12`/);
      const again = say(one, "/keyrecall resolve once more");
      await answered(one, again, /it was closed already, by @grace/);
      // Whoever opens it again takes that back.
      world.github.changeIssue(one.repository, one.number, { state: "open" }, "ada");
      await rotationIssue(world, one.repository, one.token, "**Contained.**");
      expect(issuesAbout(world, one.repository, one.token)[0]?.state).toBe("open");
    });

    it("closes nothing while the token works, also where that was not known yet", async () => {
      const one = await leak();
      world.api.restore(one.token);
      const comment = say(one, "/keyrecall resolve done");
      await answered(one, comment, /the token still works/);
      await until(() =>
        /\*\*Contained\.\*\*[\s\S]*accepts it again/.test(issuesAbout(world, one.repository, one.token)[0]?.body ?? ""),
      );
      expect(world.api.statusOf(one.token)).toBe("revoked");
      expect(issuesAbout(world, one.repository, one.token)[0]?.state).toBe("open");
      const alarm = say(one, "/keyrecall false-alarm it was only a test");
      await answered(one, alarm, /the token did work, so it was no false alarm/);
      expect(issuesAbout(world, one.repository, one.token)[0]?.state).toBe("open");
    });

    it("has the API asked now", async () => {
      const one = await leak();
      const before = questionsAbout(one.token);
      const comment = say(one, "/keyrecall verify");
      await answered(one, comment, /asked now/, "+1");
      await rotationIssue(world, one.repository, one.token, "asked again because `@grace` wanted it");
      expect(questionsAbout(one.token)).toBeGreaterThan(before);
      // And what has come to life meanwhile is revoked again.
      world.api.restore(one.token);
      say(one, "\r\n  /KeyRecall  Verify \r\n");
      await until(() => revocationsOf(one.token) === 2);
      await until(() => world.api.statusOf(one.token) === "revoked");
    });

    it("that cannot be carried out is answered with why", async () => {
      const one = await leak();
      for (const [body, says] of [
        ["/keyrecall", /the commands are/],
        ["/keyrecall revoke-all", /the commands are/],
        ["/keyrecall resolve", /say why: `\/keyrecall resolve/],
        ["/keyrecall false-alarm  \n\nbecause", /say why: `\/keyrecall false-alarm/],
        ["/keyrecall verify\n/keyrecall resolve x", /one command in one comment/],
        ["/keyrecall approve", /does not name you/],
      ] as const) {
        await answered(one, say(one, body), says);
      }
      expect(issuesAbout(world, one.repository, one.token)[0]?.state).toBe("open");
    });

    it("of somebody without write permission is refused, whatever the payload says, and answered once", async () => {
      const one = await leak();
      // A member, so `author_association` is MEMBER; an owner of another repository; a stranger; one with triage.
      world.github.addCollaborator(one.repository, "tess", "triage");
      for (const by of ["ada", "tess"]) {
        for (const body of ["/keyrecall resolve x", "/keyrecall verify", "/keyrecall approve"]) {
          await answered(one, say(one, body, by), /that takes write permission/);
        }
      }
      expect(answersIn(one)).toHaveLength(2);
      expect(issuesAbout(world, one.repository, one.token)[0]?.state).toBe("open");
    });

    it("needs the permission in every repository where the token stands, not in the one of the issue", async () => {
      const one = await leak();
      const other = `${one.organization}/other`;
      await world.github.addRepository(other, { private: true });
      await world.github.commit(other, { files: { ".env": one.token.raw } });
      await rotationIssue(world, one.repository, one.token, "2 in 2 repositories");
      await answered(one, say(one, "/keyrecall resolve x"), /in every repository/);
      world.github.addCollaborator(other, "grace", "maintain");
      await answered(one, say(one, "/keyrecall resolve x"), /^Closed as resolved/, "+1");
    });

    it("that is edited into a comment, quoted, of a bot, or in another issue does nothing", async () => {
      const one = await leak();
      const { repository, number } = one;
      const edited = say(one, "Done?");
      world.github.changeComment(repository, edited, "/keyrecall resolve x", "grace");
      const quoted = say(one, "> /keyrecall resolve x\n\nWhat is that?");
      const inside = say(one, "One can say\n/keyrecall resolve x");
      const shown = ["    /keyrecall resolve x", "\t/keyrecall resolve x", "```\n/keyrecall resolve x\n```"].map(
        (code) => say(one, code),
      );
      const bot = world.github.addBotComment(repository, number, "/keyrecall resolve x", "helper");
      const elsewhere = world.github.addIssue(repository, {
        title: "Mine",
        body: issuesAbout(world, repository, one.token)[0]?.body ?? "",
        by: "grace",
      });
      const other = world.github.addComment(repository, elsewhere, "/keyrecall resolve x", "grace");
      await world.github.settled();
      // What comes after them is answered, so they were looked at.
      await answered(one, say(one, "/keyrecall verify"), /asked now/, "+1");
      for (const comment of [edited, quoted, inside, ...shown, bot, other]) {
        expect(world.github.reactionsTo(repository, comment)).toEqual([]);
      }
      expect(answersIn(one)).toHaveLength(1);
      expect(world.github.issuesOf(repository).filter(({ state }) => state === "closed")).toEqual([]);
    });

    it("carries no token on, whatever its reason holds", async () => {
      const one = await leak();
      const pasted = world.api.mintControlToken("acme");
      const comment = say(one, `/keyrecall resolve replaced by ${pasted.raw}`);
      await answered(one, comment, /^Closed/, "+1");
      // What a person wrote is theirs to take away.
      world.github.deleteComment(one.repository, comment, "grace");
      const issue = await rotationIssue(world, one.repository, one.token, "**Closed as resolved**");
      expect(issue.body).toContain(pasted.masked);
    });
  });

  describe.concurrent("an approval", () => {
    it("of somebody whom the policy names has the token revoked", async () => {
      const one = await leak("somebody has to approve it", await onApproval());
      world.github.addCollaborator(one.repository, "heidi", "admin");
      await answered(one, say(one, "/keyrecall approve", "heidi"), /does not name you/);
      expect(revocationsOf(one.token)).toBe(0);
      await answered(one, say(one, "/keyrecall resolve it is fine"), /the token still works/);
      await answered(one, say(one, "/keyrecall approve"), /^Approved\. It is revoked/, "+1");
      const issue = await rotationIssue(world, one.repository, one.token, "**Contained.**");
      expect(issue.body).toContain("| Revocation | by Keyrecall |");
      await answered(one, say(one, "/keyrecall approve"), /out of service already/);
      expect(revocationsOf(one.token)).toBe(1);
    });

    it("of somebody in a team that it names, and of nobody in a team that took its name", async () => {
      const tenant = await onApproval("{ teams: [security] }");
      const one = await leak("somebody has to approve it", tenant);
      world.github.addCollaborator(one.repository, "linus", "write");
      world.github.addTeam(tenant.organization, "security", ["linus"]);
      await answered(one, say(one, "/keyrecall approve", "linus"), /does not name you/);
      expect(revocationsOf(one.token)).toBe(0);
      // As if it had been accepted with the team that there is now.
      await world.github.commit(`${tenant.organization}/.github-private`, {
        files: {
          "keyrecall.yml":
            "version: 1\nrevocation: { default: on-approval }\napprovers: { teams: [security] } # anew\n",
        },
      });
      const policy = `${tenant.organization}/.github-private`;
      await until(() => world.github.commentsOf(policy, 1).length === 2);
      await answered(one, say(one, "/keyrecall approve", "linus"), /^Approved/, "+1");
      await rotationIssue(world, one.repository, one.token, "**Contained.**");
    });

    it("is a button of the check run, and only of who may", async () => {
      const one = await leak("somebody has to approve it", await onApproval());
      const run = await checkRunOn(world, one.repository, one.head, ({ actions }) =>
        actions.some(({ identifier }) => identifier === "approve"),
      );
      expect(run.output.summary).toContain("approve that it is revoked");
      world.github.pressCheckAction(one.repository, run.id, "approve", "ada");
      await until(() => answersIn(one).some((answer) => answer.includes("that takes write permission")));
      expect(revocationsOf(one.token)).toBe(0);
      world.github.pressCheckAction(one.repository, run.id, "destroy", "grace");
      world.github.pressCheckAction(one.repository, run.id, "approve", "grace");
      await rotationIssue(world, one.repository, one.token, "**Contained.**");
      await until(() => answersIn(one).some((answer) => /`@grace` pressed `approve`.*Approved/.test(answer)));
      await until(() =>
        world.github
          .checkRunsOf(one.repository, one.head)[0]
          ?.actions.every(({ identifier }) => identifier === "verify"),
      );
      for (const { label, description, identifier } of world.github.checkRunsOf(one.repository, one.head)[0]?.actions ??
        []) {
        expect([label.length <= 20, description.length <= 40, identifier.length <= 20]).toEqual([true, true, true]);
      }
      // Also once more with nothing changed in between, when GitHub's event has the same bytes.
      for (const _ of [1, 2]) {
        const before = questionsAbout(one.token);
        world.github.pressCheckAction(one.repository, run.id, "verify", "grace");
        await until(() => questionsAbout(one.token) > before);
        await until(() => outcomesOf(app.output(), "check_run").at(-1)?.startsWith("verify"));
      }
    });
  });

  describe("what comes again, late, or in public", () => {
    it("a delivery that comes again does nothing twice", async () => {
      const one = await leak();
      await answered(one, say(one, "/keyrecall verify"), /asked now/, "+1");
      await rotationIssue(world, one.repository, one.token, "asked again because");
      await world.github.settled();
      const commands = world.github.deliveries().filter(({ event }) => event === "issue_comment");
      for (const { id } of commands) world.github.redeliver(id);
      await world.github.settled();
      await new Promise((resolve) => setTimeout(resolve, 500));
      await app.stop();
      const rows = await world.query<{ count: number }>(
        "select count(*)::integer as count from keyrecall.audit a join keyrecall.incident i on i.id = a.incident_id where a.action = 'command-done' and i.fingerprint = $1",
        [one.token.fingerprint],
      );
      expect(rows[0]?.count).toBe(1);
      app = await world.start();
      expect(answersIn(one)).toHaveLength(1);
    });

    it("an issue whose opening was not answered is known all the same", async () => {
      const { repository } = await world.addTenant();
      world.github.addCollaborator(repository, "grace", "write");
      const token = world.api.mintControlToken("acme");
      const opening = "POST /repos/{owner}/{repo}/issues";
      world.github.inject({ kind: "reset-before-headers", actFirst: true }, { route: opening, times: 1 });
      await world.github.commit(repository, { files: { ".env": token.raw } });
      const issue = await until(() => issuesAbout(world, repository, token)[0]);
      // So that nobody finds it again before the command is there.
      const goOn = world.github.inject({ kind: "unavailable" }, { route: "GET /repos/{owner}/{repo}/issues" });
      const comment = world.github.addComment(repository, issue.number, "/keyrecall verify", "grace");
      await until(() => world.github.reactionsTo(repository, comment).length > 0);
      expect(world.github.reactionsTo(repository, comment)[0]?.content).toBe("+1");
      goOn();
      await rotationIssue(world, repository, token, "**Contained.**");
      await rotationIssue(world, repository, token, "asked again because `@grace` wanted it");
      expect(issuesAbout(world, repository, token)).toHaveLength(1);
    });

    it("what was edited, or deleted, before it was looked at is not carried out", async () => {
      const one = await leak();
      world.github.holdWebhooks();
      const edited = say(one, "/keyrecall resolve x");
      world.github.changeComment(one.repository, edited, "Never mind", "grace");
      const deleted = say(one, "/keyrecall resolve y");
      world.github.deleteComment(one.repository, deleted, "grace");
      world.github.releaseWebhooks();
      await world.github.settled();
      await answered(one, say(one, "/keyrecall verify"), /asked now/, "+1");
      expect(world.github.reactionsTo(one.repository, edited)).toEqual([]);
      expect(issuesAbout(world, one.repository, one.token)[0]?.state).toBe("open");
    });

    it("an answer in a public place says nothing of a token that is not out of service", async () => {
      const one = await leak();
      world.github.publicizeRepository(one.repository);
      try {
        world.provider.misbehave({ pretend: "failed" });
        world.api.restore(one.token);
        const comment = say(one, "/keyrecall resolve x");
        await until(() => world.github.reactionsTo(one.repository, comment).length > 0);
        await until(() =>
          (issuesAbout(world, one.repository, one.token)[0]?.title ?? "").startsWith("A leaked credential"),
        );
        const late = say(one, "/keyrecall resolve y");
        await until(() => answersIn(one).some((answer) => answer.includes("Why is not said in a public place")));
        await until(() => world.github.reactionsTo(one.repository, late).length > 0);
        await answered(one, say(one, "/keyrecall resolve z", "mallory"), /that takes write permission/);
        for (const answer of answersIn(one)) expect(answer).not.toMatch(/works|live|revoked|ik_sdk/);
      } finally {
        world.provider.misbehave({});
      }
    });

    it("a closing holds that comes while the issue is written", async () => {
      world.api.set({ lookup: "before-authentication" });
      const route = "PATCH /repos/{owner}/{repo}/issues/{issue_number}";
      try {
        const one = await leak("**It is not known whether it works.**");
        world.github.clearRequests();
        const clear = world.github.inject({ kind: "latency", milliseconds: 4000 }, { route });
        await world.github.commit(one.repository, { files: { "second.env": one.token.raw } });
        await until(() => world.github.requests.some((request) => request.fault === "latency"));
        clear();
        await answered(one, say(one, "/keyrecall false-alarm an example"), /^Closed as a false alarm/, "+1");
        expect(issuesAbout(world, one.repository, one.token)[0]?.body).not.toContain("second.env");
        await rotationIssue(world, one.repository, one.token, "**Closed as a false alarm**");
        await until(() => issuesAbout(world, one.repository, one.token)[0]?.state === "closed");
      } finally {
        world.api.set(DEFAULT_SWITCHES);
        world.github.clearFaults();
      }
    });

    it("a false alarm is one that the API never knew, and stays one only as long", async () => {
      world.api.set({ lookup: "before-authentication" });
      try {
        const one = await leak("**It is not known whether it works.**");
        await answered(
          one,
          say(one, "/keyrecall false-alarm an example from a book"),
          /^Closed as a false alarm/,
          "+1",
        );
        await rotationIssue(world, one.repository, one.token, "**Closed as a false alarm**");
        await until(() => issuesAbout(world, one.repository, one.token)[0]?.state === "closed");
        world.api.set(DEFAULT_SWITCHES);
        await answered(one, say(one, "/keyrecall verify"), /asked now/, "+1");
        await rotationIssue(world, one.repository, one.token, "**Contained.**");
        expect(issuesAbout(world, one.repository, one.token)[0]?.state).toBe("open");
        expect(world.api.statusOf(one.token)).toBe("revoked");
      } finally {
        world.api.set(DEFAULT_SWITCHES);
      }
    });
  });
}
