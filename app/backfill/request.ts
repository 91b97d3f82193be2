/** What a person asks of the backfill: to begin, of everything or of a part, or how far it is. */
import { KeyrecallError } from "keyrecall";
import * as z from "zod";
import type { GitHub } from "../github/client.ts";
import { GitHubError } from "../github/errors.ts";
import { type InstallationFacts, installations } from "../github/installations.ts";
import { orRefusal, isRefusal } from "../github/refusal.ts";
import { repositoryByName, splitName } from "../github/repositories.ts";
import type { Queue } from "../queue/queue.ts";
import { SettingsError } from "../settings-error.ts";
import type { Database } from "../store/database.ts";
import { saveInstallation, saveRepository } from "../store/repositories.ts";
import { backfillInstallation, backfillRepositories } from "./begin.ts";
import { statusText } from "./report.ts";

const request = z.strictObject({
  status: z.boolean().optional(),
  installation: z.string().optional(),
  repository: z
    .string()
    .regex(/^[\w.-]+\/[\w.-]+$/, "is no owner/name")
    .optional(),
  by: z.string(),
});

export type BackfillRequest = z.infer<typeof request>;

export interface RequestContext {
  readonly database: Database;
  readonly github: GitHub;
  /** Null where another process works: it looks for what is to be done every minute. */
  readonly queue: Queue | null;
}

/** @returns text for people. @throws {SettingsError} where it cannot be done as asked */
export async function answerBackfillRequest(context: RequestContext, asked: unknown): Promise<string> {
  const parsed = request.safeParse(asked);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new SettingsError(`--${issue?.path.join(".")} ${issue?.message}`, "see keyrecall-app backfill --help");
  }
  const { status, installation, repository, by } = parsed.data;
  if (status === true) return statusText(context.database);
  try {
    return await (repository === undefined
      ? ofInstallations(context, installation ?? null, by)
      : ofRepository(context, repository, by));
  } catch (error) {
    if (!(error instanceof GitHubError) && !(error instanceof KeyrecallError)) throw error;
    throw new SettingsError(`GitHub does not tell what there is to read: ${error.message}`, "try it again later");
  }
}

async function ofInstallations(
  { database, github, queue }: RequestContext,
  wanted: string | null,
  by: string,
): Promise<string> {
  const found: InstallationFacts[] = [];
  for await (const one of installations(await github.forApp())) {
    if (wanted === null || wanted === String(one.id) || wanted.toLowerCase() === one.account.toLowerCase())
      found.push(one);
  }
  if (found.length === 0) {
    const where = wanted === null ? "anywhere" : `for ${wanted}`;
    throw new SettingsError(`the App is not installed ${where}`, "install it from its page on GitHub");
  }
  for (const { id, accountId, account: accountLogin, isSuspended } of found) {
    await database.transaction(async (transaction) => {
      const state = isSuspended ? "suspended" : "active";
      await saveInstallation(transaction, { id, accountId, accountLogin, state });
      await backfillInstallation(queue, transaction, id, by);
    });
  }
  const names = found.map(({ account, isSuspended }) => (isSuspended ? `${account} (suspended)` : account)).join(", ");
  return `${began(queue)} the history of all repositories of ${names}.\nHow far it is: keyrecall-app backfill --status\n`;
}

async function ofRepository({ database, github, queue }: RequestContext, name: string, by: string): Promise<string> {
  const app = await github.forApp();
  const { owner, repo } = splitName(name);
  const at = await orRefusal(
    `read ${name}`,
    async () => (await app.rest.apps.getRepoInstallation({ owner, repo })).data,
  );
  if (isRefusal(at)) throw new SettingsError(`the App does not see ${name}`, "install it there, or look at the name");
  const facts = await repositoryByName(await github.forInstallation(at.id), name);
  if (isRefusal(facts)) throw new SettingsError(facts.sentence, "install the App there, or look at the name");
  const {
    id,
    ownerId: accountId,
    owner: accountLogin,
    fullName,
    isPrivate,
    defaultBranch,
    isArchived,
    sizeBytes,
  } = facts;
  await database.transaction(async (transaction) => {
    await saveInstallation(transaction, { id: at.id, accountId, accountLogin, state: "active" });
    await saveRepository(transaction, {
      id,
      installationId: at.id,
      accountId,
      fullName,
      isPrivate,
      defaultBranch,
      isArchived,
      sizeBytes,
      isCovered: true,
    });
    const pushedAt = facts.pushedAt ?? new Date(0).toISOString();
    await backfillRepositories(queue, transaction, at.id, [{ id, pushedAt }], by);
  });
  return `${began(queue)} the history of ${fullName}.\nHow far it is: keyrecall-app backfill --status\n`;
}

function began(queue: Queue | null): string {
  return queue === null ? "A worker of the App begins within a minute to read" : "The App begins to read";
}
