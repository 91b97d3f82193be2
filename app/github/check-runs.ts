/** The check run of the App on a commit: one for each external id, in however many requests its annotations need. */
import type { CheckAnnotation, CheckRunReport } from "../issues/check-run.ts";
import type { GitHubClient } from "./client.ts";
import { cutToBytes } from "./cut-to-bytes.ts";
import type { AppIdentity } from "./identity.ts";
import { isRefusal, orRefusal, type Refusal } from "./refusal.ts";
import { splitName } from "./repositories.ts";

export interface CheckRunPlace {
  readonly fullName: string;
  readonly headSha: string;
  /** By which it is found again: the same for all that is said of one piece of work. */
  readonly externalId: string;
  /** What branch protection names. */
  readonly name: string;
}

export interface PublishedCheckRun {
  readonly kind: "check-run";
  readonly id: number;
  readonly url: string | null;
}

/** A request takes no more. */
const MAX_ANNOTATIONS = 50;
const MAX_SUMMARY_BYTES = 65_535;
const MAX_MESSAGE_BYTES = 64_000;
const MAX_TITLE = 255;

interface Known {
  readonly id: number;
  readonly html_url: string | null;
  readonly external_id: string | null;
  readonly app: { readonly id: number } | null;
  readonly output: { readonly annotations_count: number };
}

/** Says that the commit is being looked at; what it said before is no longer its conclusion. */
export async function beginCheckRun(
  client: GitHubClient,
  identity: AppIdentity,
  place: CheckRunPlace,
): Promise<PublishedCheckRun | Refusal> {
  return orRefusal(whatOf(place), async () => {
    const known = await findCheckRun(client, identity, place);
    const fields = { ...splitName(place.fullName), status: "in_progress" as const };
    const { data } =
      known === null
        ? await create(client, place, fields)
        : await client.rest.checks.update({ ...fields, check_run_id: known.id });
    return published(data);
  });
}

/** Completes the check run that there is, or makes one. Annotations that it has already are not sent again. */
export async function publishCheckRun(
  client: GitHubClient,
  identity: AppIdentity,
  place: CheckRunPlace,
  report: CheckRunReport,
): Promise<PublishedCheckRun | Refusal> {
  const outcome = await orRefusal(whatOf(place), () => write(client, identity, place, report));
  // One annotation that GitHub does not take must not cost the conclusion.
  if (isRefusal(outcome) && outcome.reason === "invalid" && report.annotations.length > 0) {
    return orRefusal(whatOf(place), () => write(client, identity, place, { ...report, annotations: [] }));
  }
  return outcome;
}

async function write(
  client: GitHubClient,
  identity: AppIdentity,
  place: CheckRunPlace,
  report: CheckRunReport,
): Promise<PublishedCheckRun> {
  const repository = splitName(place.fullName);
  const known = await findCheckRun(client, identity, place);
  const left = report.annotations.slice(known?.output.annotations_count ?? 0).map(annotationFields);
  const chunks = chunksOf(left, MAX_ANNOTATIONS);
  const text = { title: report.title.slice(0, MAX_TITLE), summary: cutToBytes(report.summary, MAX_SUMMARY_BYTES) };
  const completed = {
    status: "completed" as const,
    conclusion: report.conclusion,
    actions: report.actions.map((action) => ({ ...action })),
  };
  // Completed with the last piece: a run that was stopped half way is still in progress, and lets nothing pass.
  const fieldsOf = (index: number) => ({
    ...repository,
    ...(index >= chunks.length - 1 ? completed : { status: "in_progress" as const }),
    output: { ...text, annotations: chunks[index] ?? [] },
  });
  let run =
    known === null
      ? await create(client, place, fieldsOf(0))
      : await client.rest.checks.update({ ...fieldsOf(0), check_run_id: known.id });
  for (let index = 1; index < chunks.length; index += 1) {
    run = await client.rest.checks.update({ ...fieldsOf(index), check_run_id: run.data.id });
  }
  return published(run.data);
}

type CreateFields = Omit<NonNullable<Parameters<GitHubClient["rest"]["checks"]["create"]>[0]>, "name" | "head_sha">;

async function create(client: GitHubClient, { name, headSha, externalId }: CheckRunPlace, fields: CreateFields) {
  // The types of GitHub's description make the conclusion of a completed run part of a union.
  const all = { ...fields, name, head_sha: headSha, external_id: externalId };
  return client.rest.checks.create(all as Parameters<typeof client.rest.checks.create>[0]);
}

async function findCheckRun(
  client: GitHubClient,
  { appId }: AppIdentity,
  { fullName, headSha, externalId, name }: CheckRunPlace,
): Promise<Known | null> {
  const pages = client.paginate.iterator(client.rest.checks.listForRef, {
    ...splitName(fullName),
    ref: headSha,
    check_name: name,
    app_id: appId,
    filter: "all",
    per_page: 100,
  });
  for await (const { data } of pages) {
    const own = data.find((run) => run.external_id === externalId && run.app?.id === appId);
    if (own !== undefined) return own;
  }
  return null;
}

function annotationFields({ path, line, title, message }: CheckAnnotation) {
  return {
    path,
    start_line: line,
    end_line: line,
    annotation_level: "failure" as const,
    title: title.slice(0, MAX_TITLE),
    message: cutToBytes(message, MAX_MESSAGE_BYTES),
  };
}

function published({ id, html_url: url }: Pick<Known, "id" | "html_url">): PublishedCheckRun {
  return { kind: "check-run", id, url };
}

function whatOf({ fullName }: CheckRunPlace): string {
  return `write a check run in ${fullName}`;
}

function chunksOf<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
