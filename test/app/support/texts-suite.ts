// What people write on GitHub beside code, through the App as a process, whichever backend keeps the data: each kind of event,
// posted, edited and deleted.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { MadeToken } from "../../support/token.ts";
import { type AppProcess, AppWorld, until } from "./app-world.ts";
import { ALL_EVENTS, FULL_PERMISSIONS } from "./full-app.ts";
import { issuesAbout, outcomesOf, rotationIssue } from "./outcomes.ts";

type Fields = Readonly<Record<string, unknown>>;

interface Kind {
  readonly event: string;
  readonly action: string;
  /** What the issue calls it. */
  readonly name: string;
  /** The object that holds the text. */
  readonly holder: string;
  /** Which of its fields. */
  readonly parts: readonly string[];
  readonly canBeEdited: boolean;
}

const KINDS: readonly Kind[] = [
  kind("pull_request_review", "submitted", "review", "review"),
  kind("pull_request_review_comment", "created", "comment in a review", "comment"),
  kind("discussion", "created", "discussion", "discussion", ["title", "body"]),
  kind("discussion_comment", "created", "comment in a discussion", "comment"),
  kind("release", "published", "release", "release", ["name", "body"]),
  { ...kind("commit_comment", "created", "comment on a commit", "comment"), canBeEdited: false },
];

function kind(event: string, action: string, name: string, holder: string, parts = ["body"]): Kind {
  return { event, action, name, holder, parts, canBeEdited: true };
}

/** @param environment where the data is kept, for a new App */
export function describeTexts(environment: () => Promise<Record<string, string>>): void {
  let world: AppWorld;
  let app: AppProcess;

  beforeAll(async () => {
    world = await AppWorld.make(await environment(), { app: { permissions: FULL_PERMISSIONS, events: ALL_EVENTS } });
    app = await world.start();
  });
  afterAll(() => world.close());

  /** One organisation for each, so that they need not wait for each other. */
  describe.concurrent("a text", () => {
    for (const { event, action, name, holder, parts, canBeEdited } of KINDS) {
      it(`of a ${event} is read: as it is, and what an edit takes out`, async () => {
        const { repository } = await world.addTenant();
        const mint = () => parts.map((part) => ({ part, token: world.api.mintControlToken("acme") }));
        const [posted, takenOut] = [mint(), canBeEdited ? mint() : []];
        const texts = posted.map(({ part, token }) => [part, `see ${token.raw}`]);
        const fields = { id: world.github.nextId(), ...(Object.fromEntries(texts) as Fields) };
        world.github.tellOf(repository, event, action, { [holder]: fields });
        if (canBeEdited) {
          const old = takenOut.map(({ part, token }) => [part, { from: `see ${token.raw}` }]);
          const now = Object.fromEntries(parts.map((part) => [part, "see nothing"])) as Fields;
          const edit = { [holder]: { id: world.github.nextId(), ...now }, changes: Object.fromEntries(old) as Fields };
          world.github.tellOf(repository, event, "edited", edit);
        }
        for (const { part, token } of posted) {
          const { body } = await rotationIssue(world, repository, token, "**Contained.**");
          expect(body).toContain(`was posted and is out of service`);
          expect(body).toContain(`- ${name}, \`${part}\`, line 1, at `);
          expect(body).toContain(`found in the ${part} of the ${name}`);
          expect(world.revocationsOf(token)).toHaveLength(1);
        }
        for (const { part, token } of takenOut) {
          const { body } = await rotationIssue(world, repository, token, "**Contained.**");
          expect(body).toContain(`- ${name}, \`${part}\` as it was before an edit, line 1, at `);
          expect(body).toMatch(/found in the .+ as it was before an edit/);
        }
      });
    }

    it("of an issue: posted, edited, closed in between and edited back", async () => {
      const { repository } = await world.addTenant();
      const [inTitle, inBody] = [world.api.mintControlToken("acme"), world.api.mintDataToken([])];
      const number = world.github.addIssue(repository, { title: `Key ${inTitle.raw}`, body: `It is\n\n${inBody.raw}` });
      const first = await rotationIssue(world, repository, inTitle, "**Contained.**");
      const second = await rotationIssue(world, repository, inBody, "**Contained.**");
      expect(first.body).toContain(`at [\`#${number}\`](${world.github.baseUrl}/${repository}/issues/${number})`);
      expect(second.body).toContain("`body`, line 3");
      // Taken out it stays readable, and is no second leak.
      world.github.changeIssue(repository, number, { body: "It is away" });
      const edited = await rotationIssue(world, repository, inBody, "was edited, and its old text stays readable");
      expect(edited.body).toContain("| Places | 1 in 1 repository |");
      expect(world.revocationsOf(inBody)).toHaveLength(1);
      // Put in again it is one.
      world.github.changeIssue(repository, number, { body: `Here again: ${inBody.raw}` });
      await rotationIssue(world, repository, inBody, "| Places | 2 in 1 repository |");
      await rotationIssue(world, repository, inBody, "still refuses it");
      expect(world.revocationsOf(inBody)).toHaveLength(1);
    });

    it("of a comment: posted, edited and deleted", async () => {
      const { repository } = await world.addTenant();
      const [posted, edited] = [world.api.mintControlToken("acme"), world.api.mintControlToken("acme")];
      const number = world.github.addIssue(repository, { title: "Help" });
      const id = world.github.addComment(repository, number, `It says 401 with ${posted.raw}`);
      await rotationIssue(world, repository, posted, "**Contained.**");
      world.github.changeComment(repository, id, `With ${edited.raw} too`);
      await rotationIssue(world, repository, edited, "**Contained.**");
      world.github.deleteComment(repository, id);
      const gone = await rotationIssue(world, repository, edited, "was deleted, and has been read before");
      expect(gone.body).toContain(`#issuecomment-${id}`);
      // In another comment it turns up again, and works again.
      world.api.restore(posted);
      world.github.addComment(repository, number, `Once more: ${posted.raw}`);
      await until(() => world.revocationsOf(posted).length === 2);
      await rotationIssue(world, repository, posted, "**Contained.**");
    });

    it("of a deleted comment that nobody told of before", async () => {
      const { repository } = await world.addTenant();
      const token = world.api.mintControlToken("acme");
      world.github.tellOf(repository, "discussion_comment", "deleted", {
        comment: { id: world.github.nextId(), body: token.raw },
      });
      const issue = await rotationIssue(world, repository, token, "**Contained.**");
      expect(issue.body).toContain("`body`, deleted since, line 1");
    });

    it("of a pull request: its title and text beside its commits", async () => {
      const { repository } = await world.addTenant();
      const tokens = Array.from({ length: 3 }, () => world.api.mintControlToken("acme"));
      const [inTitle, inBody, inEdit] = tokens as [MadeToken, MadeToken, MadeToken];
      await world.github.commit(repository, { files: { "README.md": "x" } });
      await world.github.commit(repository, { files: { "README.md": "y" }, branch: "fix" });
      const number = await world.github.createPullRequest(repository, {
        head: "fix",
        title: `Use ${inTitle.raw}`,
        body: `export INFERENCEKEY_SDK_TOKEN=${inBody.raw}`,
      });
      await world.github.editPullRequest(repository, number, { body: `And ${inEdit.raw}` });
      for (const token of tokens) {
        const issue = await rotationIssue(world, repository, token, "**Contained.**");
        expect(issue.body).toContain(`/${repository}/pull/${number}`);
      }
      expect(world.revocationsOf(inTitle)[0]).toBeDefined();
    });

    it("with a token in the address of a release: nothing that is written shows it", async () => {
      const { repository } = await world.addTenant();
      const token = world.api.mintControlToken("acme");
      const html_url = `${world.github.baseUrl}/${repository}/releases/tag/${token.raw}`;
      world.github.tellOf(repository, "release", "published", {
        release: { id: world.github.nextId(), tag_name: token.raw, html_url },
      });
      const issue = await rotationIssue(world, repository, token, "**Contained.**");
      expect(issue.body).toContain("`tag_name`");
    });

    it("of the App itself is no leak, and makes no loop", async () => {
      const { repository } = await world.addTenant();
      const token = world.api.mintControlToken("acme");
      world.github.addIssue(repository, { title: "Help", body: token.raw });
      const issue = await rotationIssue(world, repository, token, "**Contained.**");
      await world.github.settled();
      await until(() => outcomesOf(app.output(), "issues").includes("the App's own text; the App's own change"));
      // Whoever puts a token into the App's own issue leaks it like anybody else.
      const second = world.api.mintControlToken("acme");
      world.github.addComment(repository, issue.number, `Is it this one? ${second.raw}`);
      await rotationIssue(world, repository, second, "**Contained.**");
      expect(issuesAbout(world, repository)).toHaveLength(2);
    });
  });
}
