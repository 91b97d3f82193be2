// What becomes of a repository, its wiki, its merge queue and GitHub's own alerts, through the App as a process, whichever
// backend keeps the data.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { MadeToken } from "../../support/token.ts";
import { type AppProcess, AppWorld, until } from "./app-world.ts";
import { ALL_EVENTS, FULL_PERMISSIONS } from "./full-app.ts";
import { checkRunOn, issuesAbout, outcomesOf, rotationIssue } from "./outcomes.ts";

const FULL = { app: { permissions: FULL_PERMISSIONS, events: ALL_EVENTS } };

/** No provider, so that what is said while a token works can be looked at. */
const PRIVATE = { REVOCATION_URL: "", PRIVATE_ISSUE_REPOSITORY: "acme-1/security" };

const DISCUSSION_COMMENT = {
  type: "discussion_comment",
  details: { discussion_comment_url: "https://github.com/acme/shop/discussions/1#discussioncomment-1" },
};

/** @param environment where the data is kept, for a new App */
export function describeRepositoryEvents(environment: () => Promise<Record<string, string>>): void {
  let world: AppWorld;
  let app: AppProcess;

  const isTokenKept = (tokens: readonly MadeToken[]) =>
    world.query<{ fingerprint: string; kept: boolean }>(
      "select fingerprint, token is not null as kept from keyrecall.incident where fingerprint = any($1) order by found_at",
      [tokens.map(({ fingerprint }) => fingerprint)],
    );

  describe("with a provider", () => {
    beforeAll(async () => {
      world = await AppWorld.make(await environment(), FULL);
      app = await world.start();
    });
    afterAll(() => world.close());

    describe.concurrent("a wiki", () => {
      it("is read through git: old versions, new ones, and those that an edit took away", async () => {
        const { repository } = await world.addTenant();
        const [old, fresh, between] = [1, 2, 3].map(() => world.api.mintControlToken("acme")) as [
          MadeToken,
          MadeToken,
          MadeToken,
        ];
        world.github.holdWebhooks();
        const first = await world.github.writeWiki(repository, { Deploy: `use ${old.raw}` });
        await world.github.writeWiki(repository, { Deploy: "use the vault" });
        world.github.releaseWebhooks("reversed");
        const issue = await rotationIssue(world, repository, old, "**Contained.**");
        const page = `${world.github.baseUrl}/${repository}/wiki/Deploy/${first}`;
        expect(issue.body).toContain(`- wiki, \`text\`, line 1, at [\`wiki\`](${page})`);
        expect(issue.body).toContain("was posted and is out of service");
        world.github.holdWebhooks();
        await world.github.writeWiki(repository, { Home: between.raw });
        await world.github.writeWiki(repository, { Home: "nothing", Other: `a\n${fresh.raw}` });
        world.github.releaseWebhooks();
        await rotationIssue(world, repository, between, "**Contained.**");
        await rotationIssue(world, repository, fresh, "**Contained.**");
        await world.github.settled();
        expect(world.revocationsOf(old)).toHaveLength(1);
        expect(world.github.checkRunsOf(repository)).toEqual([]);
      });
    });

    describe.concurrent("a group of the merge queue", () => {
      it("gets a check run on its commit, clean or not", async () => {
        const { repository } = await world.addTenant();
        const token = world.api.mintControlToken("acme");
        await world.github.commit(repository, { files: { "README.md": "x" } });
        const clean = await world.github.queueMerge(repository, { "a.txt": "a" });
        expect((await checkRunOn(world, repository, clean)).conclusion).toBe("success");
        const leaking = await world.github.queueMerge(repository, { ".env": token.raw });
        expect((await checkRunOn(world, repository, leaking)).conclusion).toBe("failure");
        await rotationIssue(world, repository, token, "**Contained.**");
        world.github.tellOf(repository, "merge_group", "destroyed", { reason: "merged" });
        await until(() => outcomesOf(app.output(), "merge_group").includes("nothing to do for destroyed"));
      });
    });

    describe.concurrent("an alert of GitHub's secret scanning", () => {
      const alertOf = (repository: string, number: number) =>
        world.github.alertsOf(repository).find((alert) => alert.number === number)!;

      it("is answered like any leak, and closed when the token is dead", async () => {
        const { repository } = await world.addTenant();
        const token = world.api.mintControlToken("acme");
        const number = world.github.addSecretAlert(repository, { secret: token.raw });
        const issue = await rotationIssue(world, repository, token, "**Contained.**");
        expect(issue.body).toContain("secret scanning alert");
        await until(() => alertOf(repository, number).state === "resolved");
        expect(alertOf(repository, number)).toMatchObject({ resolution: "revoked", validity: "inactive" });
        await rotationIssue(world, repository, token, "was closed as revoked");
        // The App's own change comes back, and is none to it.
        await until(() => outcomesOf(app.output(), "secret_scanning_alert").includes("the App's own change"));

        // It works again: so does the alert, until it is dead once more.
        world.api.restore(token);
        world.github.addIssue(repository, { title: "Help", body: token.raw });
        await until(() => world.revocationsOf(token).length === 2);
        await until(() => alertOf(repository, number).state === "resolved");
        expect(alertOf(repository, number).validity).toBe("inactive");
      });

      it("about a token that was found before says what the API says", async () => {
        const { repository } = await world.addTenant();
        const token = world.api.mintControlToken("acme");
        await world.github.commit(repository, { files: { ".env": token.raw } });
        await rotationIssue(world, repository, token, "**Contained.**");
        const number = world.github.addSecretAlert(repository, { secret: token.raw });
        await until(() => alertOf(repository, number).state === "resolved");
        expect(issuesAbout(world, repository, token)).toHaveLength(1);
        expect(world.revocationsOf(token)).toHaveLength(1);
      });

      it("that names one more place has the token asked about at once", async () => {
        const { repository } = await world.addTenant();
        const token = world.api.mintControlToken("acme");
        const number = world.github.addSecretAlert(repository, { secret: token.raw });
        await until(() => alertOf(repository, number).state === "resolved");
        await rotationIssue(world, repository, token, "was closed as revoked");
        world.api.restore(token);
        world.github.addAlertLocation(repository, number, DISCUSSION_COMMENT);
        await rotationIssue(world, repository, token, "names a place of it: discussion comment");
        await until(() => world.revocationsOf(token).length === 2);
        await rotationIssue(world, repository, token, "**Contained.**");
        expect(issuesAbout(world, repository, token)).toHaveLength(1);
      });

      it("of which only a place is heard is read too", async () => {
        const { repository } = await world.addTenant();
        const token = world.api.mintControlToken("acme");
        const number = world.github.addSecretAlert(repository, { secret: token.raw, silent: true });
        world.github.addAlertLocation(repository, number, DISCUSSION_COMMENT);
        await rotationIssue(world, repository, token, "**Contained.**");
        await until(() => alertOf(repository, number).state === "resolved");
      });

      it("about something else is none of the App's", async () => {
        const { repository } = await world.addTenant();
        const number = world.github.addSecretAlert(repository, { secret: "not one of ours" });
        await until(() =>
          outcomesOf(app.output(), "secret_scanning_alert").includes("secret scanning alert: no leaked token"),
        );
        expect(alertOf(repository, number)).toMatchObject({ state: "open", validity: "unknown" });
      });

      it("that cannot be read for want of a permission is read when it is granted", async () => {
        const { repository, installation } = await world.addTenant();
        const token = world.api.mintControlToken("acme");
        world.github.setPermissions(installation, { ...FULL_PERMISSIONS, secret_scanning_alerts: "read" });
        const number = world.github.addSecretAlert(repository, { secret: token.raw });
        await rotationIssue(world, repository, token, "was not updated");
        expect(alertOf(repository, number).state).toBe("open");
        world.github.setPermissions(installation, FULL_PERMISSIONS);
        await until(() => alertOf(repository, number).state === "resolved");
      });
    });

    describe.concurrent("a repository", () => {
      it("that is created is known, and its texts are read", async () => {
        const { organization } = await world.addTenant();
        const token = world.api.mintControlToken("acme");
        const name = `${organization}/new`;
        await world.github.createRepository(name, { private: true });
        world.github.addIssue(name, { title: "Help", body: token.raw });
        await rotationIssue(world, name, token, "**Contained.**");
        expect(outcomesOf(app.output(), "repository")).toContain("the repository was created");
      });

      it("that is renamed and archived keeps its incidents", async () => {
        const { organization, repository } = await world.addTenant();
        const [first, second] = [world.api.mintControlToken("acme"), world.api.mintControlToken("acme")];
        world.github.addIssue(repository, { title: "Help", body: first.raw });
        await rotationIssue(world, repository, first, "**Contained.**");
        world.github.renameRepository(repository, "store");
        const renamed = `${organization}/store`;
        await rotationIssue(world, renamed, first, `in \`${renamed}\``);
        world.github.addIssue(renamed, { title: "Help", body: second.raw });
        await rotationIssue(world, renamed, second, "**Contained.**");
        world.github.archiveRepository(renamed);
        await until(() => outcomesOf(app.output(), "repository").includes("the repository was archived"));
        expect(issuesAbout(world, renamed)).toHaveLength(2);
      });

      it("of an organisation that is renamed keeps its incidents, under the new name", async () => {
        const { organization, repository } = await world.addTenant();
        const [first, second] = [world.api.mintControlToken("acme"), world.api.mintControlToken("acme")];
        await world.github.commit(repository, { files: { ".env": first.raw } });
        const { number } = await rotationIssue(world, repository, first, "**Contained.**");
        const [between, now] = [`${organization}-between`, `${organization}-now`];
        world.github.holdWebhooks();
        world.github.renameOrganization(organization, between);
        world.github.renameOrganization(between, now);
        // What comes last says the name of before.
        world.github.releaseWebhooks("reversed");
        const renamed = `${now}/shop`;
        const issue = await rotationIssue(world, renamed, first, `in \`${renamed}\``);
        expect(issue.number).toBe(number);
        await world.github.commit(renamed, { files: { "b.env": second.raw } });
        await rotationIssue(world, renamed, second, "**Contained.**");
        expect(issuesAbout(world, renamed)).toHaveLength(2);
        expect(world.revocationsOf(first)).toHaveLength(1);
      });

      it("that is transferred to an organisation with the App takes its incidents along", async () => {
        const [from, to] = [await world.addTenant(), await world.addTenant()];
        const name = `${from.organization}/moving`;
        await world.github.addRepository(name, { private: true });
        const token = world.api.mintControlToken("acme");
        await world.github.commit(name, { files: { ".env": token.raw } });
        const issue = await rotationIssue(world, name, token, "**Contained.**");
        world.github.transferRepository(name, to.organization);
        const moved = `${to.organization}/moving`;
        await rotationIssue(world, moved, token, `in \`${moved}\``);
        // The same token in the new organisation is the same incident.
        world.github.addIssue(to.repository, { title: "Help", body: token.raw });
        await rotationIssue(world, moved, token, "in 2 repositories");
        expect(issuesAbout(world, moved, token).map(({ number }) => number)).toEqual([issue.number]);
        expect(issuesAbout(world, to.repository)).toEqual([]);
        expect(world.revocationsOf(token)).toHaveLength(1);
      });

      it("that is deleted is let go", async () => {
        const { organization } = await world.addTenant();
        const name = `${organization}/short`;
        await world.github.addRepository(name, { private: true });
        const token = world.api.mintControlToken("acme");
        await world.github.commit(name, { files: { ".env": token.raw } });
        await rotationIssue(world, name, token, "**Contained.**");
        world.github.deleteRepository(name);
        await until(() => outcomesOf(app.output(), "repository").includes("the repository was deleted"));
      });

      it("that becomes public: every earlier finding is asked about at once, also where its text is gone", async () => {
        const { repository } = await world.addTenant();
        const tokens = Array.from({ length: 3 }, () => world.api.mintControlToken("acme"));
        const [inGit, inComment, stillDead] = tokens as [MadeToken, MadeToken, MadeToken];
        await world.github.commit(repository, { files: { ".env": inGit.raw } });
        const number = world.github.addIssue(repository, { title: "Help", body: stillDead.raw });
        const comment = world.github.addComment(repository, number, inComment.raw);
        for (const token of tokens) await rotationIssue(world, repository, token, "**Contained.**");
        world.github.deleteComment(repository, comment);
        await rotationIssue(world, repository, inComment, "was deleted, and has been read before");
        for (const token of [inGit, inComment]) world.api.restore(token);
        world.github.publicizeRepository(repository);
        for (const token of [inGit, inComment]) await until(() => world.revocationsOf(token).length === 2);
        for (const token of tokens) await rotationIssue(world, repository, token, "**Contained.**");
        await until(() => issuesAbout(world, repository, stillDead)[0]?.body?.includes("Already dead") !== true);
        expect(world.revocationsOf(stillDead)).toHaveLength(1);
      });
    });

    it("keeps the token of a text sealed for later checks, and none that git still has", async () => {
      const { repository } = await world.addTenant();
      const [inText, inGit] = [world.api.mintControlToken("acme"), world.api.mintControlToken("acme")];
      world.github.addIssue(repository, { title: "Help", body: inText.raw });
      await rotationIssue(world, repository, inText, "**Contained.**");
      await world.github.commit(repository, { files: { ".env": inGit.raw } });
      await rotationIssue(world, repository, inGit, "**Contained.**");
      await app.stop();
      expect((await isTokenKept([inText, inGit])).map(({ kept }) => kept)).toEqual([true, false]);
      // After the last check it goes.
      await world.query(
        "update keyrecall.incident set contained_at = now() - interval '30 hours', checks_done = 2, updated_at = now() - interval '3 hours' where fingerprint = $1",
        [inText.fingerprint],
      );
      app = await world.start();
      await rotationIssue(world, repository, inText, "still refuses it");
      await app.stop();
      expect(await isTokenKept([inText])).toMatchObject([{ kept: false }]);
    });
  });

  describe("without a provider, in public", () => {
    beforeAll(async () => {
      world = await AppWorld.make({ ...(await environment()), ...PRIVATE }, FULL);
      app = await world.start();
    });
    afterAll(() => world.close());

    /** All that anybody can read in a repository, by the history of what was sent too. */
    const saidIn = (repository: string): string => {
      const { github } = world;
      const bodies = github.requests
        .filter(({ method, path }) => method !== "GET" && path.startsWith(`/repos/${repository}/`))
        .map(({ body }) => body);
      return JSON.stringify([bodies, issuesAbout(world, repository), github.checkRunsOf(repository)]);
    };

    it("says nothing of a token in a text there; the issue goes to the configured private repository", async () => {
      const tenant = await world.addTenant({ private: false });
      await world.github.addRepository("acme-1/security", { private: true });
      const token = world.api.mintControlToken("acme");
      const number = world.github.addIssue(tenant.repository, { title: "Help", body: token.raw });
      world.github.addSecretAlert(tenant.repository, { secret: token.raw });
      const issue = await rotationIssue(world, "acme-1/security", token, "**Live: revoke it now.**");
      expect(issue.body).toContain(`/${tenant.repository}/issues/${number}`);
      await until(() => world.github.alertsOf(tenant.repository)[0]?.validity === "active");
      expect(issuesAbout(world, tenant.repository)).toEqual([]);
      expect(world.github.commentsOf(tenant.repository, number)).toEqual([]);
      for (const fact of [token.publicId, token.masked]) expect(saidIn(tenant.repository)).not.toContain(fact);
      world.api.revoke(token);
      await rotationIssue(world, "acme-1/security", token, "**Contained.**");
      await until(() => world.github.alertsOf(tenant.repository)[0]?.state === "resolved");
    });

    it("leaves an alert as somebody closed it, and says that the token is dead", async () => {
      const { repository } = await world.addTenant();
      const token = world.api.mintControlToken("acme");
      const number = world.github.addSecretAlert(repository, { secret: token.raw });
      const alert = () => world.github.alertsOf(repository)[0]!;
      await until(() => alert().validity === "active");
      world.github.closeSecretAlert(repository, number, "wont_fix");
      world.api.revoke(token);
      await until(() => alert().validity === "inactive");
      expect(alert()).toMatchObject({ state: "resolved", resolution: "wont_fix" });
    });

    it("takes back what was said of a text when the repository was private, at once", async () => {
      const tenant = await world.addTenant();
      const token = world.api.mintControlToken("acme");
      world.github.addIssue(tenant.repository, { title: "Help", body: token.raw });
      await rotationIssue(world, tenant.repository, token, "**Live: revoke it now.**");
      world.github.publicizeRepository(tenant.repository);
      const withheld = await rotationIssue(world, tenant.repository, token, "Details are withheld here");
      expect(withheld.title).not.toContain(token.publicId);
      world.api.revoke(token);
      await rotationIssue(world, tenant.repository, token, "**Contained.**");
    });
  });
}
