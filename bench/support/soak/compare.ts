/** What has come of a soak, held against the plan, one by one. */
import type { Database } from "../../../app/store/database.ts";
import { assertNoSecret } from "../../../test/support/secret-guard.ts";
import type { Post } from "./post.ts";
import type { GivenCommand, Leak, Town } from "./town.ts";

export interface Comparison {
  /** How many things of each kind were compared. */
  readonly counts: Readonly<Record<string, number>>;
  readonly differences: readonly string[];
}

export async function compare(
  town: Town,
  post: Post,
  database: Database,
  output: readonly string[],
): Promise<Comparison> {
  const differences: string[] = [];
  const differs = (what: string): void => void differences.push(what);
  await compareDeliveries(post, database, differs);
  await compareIncidents(town, database, differs);
  for (const leak of town.leaks.values()) {
    compareRevocations(town, leak, differs);
    compareIssues(town, leak, differs);
  }
  compareStrays(town, differs);
  compareHeads(town, differs);
  compareAlerts(town, differs);
  for (const command of town.commands) await compareCommand(town, database, command, differs);
  lookForSecrets(town, output, differs);
  const rows = await lookInRows(database, differs);
  for (const complaint of town.github.takeComplaints()) differs(`the emulator of GitHub complains: ${complaint}`);
  return {
    counts: {
      deliveries: post.contents.size,
      incidents: town.leaks.size,
      "places of tokens": [...town.leaks.values()].reduce((sum, { places }) => sum + places.size, 0),
      revocations: [...town.leaks.values()].filter(({ planned }) => !planned.isDead).length,
      issues: town.leaks.size,
      "check runs": new Set(town.heads.map(({ head }) => head)).size,
      alerts: town.alerts.length,
      commands: town.commands.length,
      "rows of the database": rows,
      "lines of the log": output.length,
    },
    differences,
  };
}

type Differs = (what: string) => void;

async function compareDeliveries(post: Post, database: Database, differs: Differs): Promise<void> {
  for (const refusal of post.refused) differs(`a delivery was not taken: ${refusal}`);
  const rows = await database.query<{ hash: string; event: string; state: string; outcome: string | null }>(
    "select encode(content_hash, 'hex') as hash, event, state, outcome from keyrecall.delivery",
  );
  const stored = new Map(rows.map((row) => [row.hash, row]));
  for (const [hash, event] of post.contents) {
    const row = stored.get(hash);
    if (row === undefined) differs(`a delivery of ${event} is lost`);
    else if (row.state !== "done" && row.state !== "ignored") {
      differs(`a delivery of ${event} is ${row.state}: ${row.outcome}`);
    }
  }
  if (rows.length !== post.contents.size) differs(`${post.contents.size} deliveries have ${rows.length} rows`);
}

async function compareIncidents(town: Town, database: Database, differs: Differs): Promise<void> {
  const rows = await database.query<{
    fingerprint: string;
    account: number;
    plane: string;
    state: string;
    was_live: boolean;
    masked: string;
    places: string[];
  }>(
    `select fingerprint, account_id as account, plane, state, was_live, masked,
       (select array_agg(distinct r.full_name || ' ' || case when o.text is null then 'git' else o.kind end)
        from keyrecall.occurrence o join keyrecall.repository r on r.id = o.repository_id where o.incident_id = i.id)
         as places
     from keyrecall.incident i`,
  );
  const planned = new Set<string>();
  for (const { token, planned: plan, account, places } of town.leaks.values()) {
    planned.add(`${account} ${token.fingerprint}`);
    const of = rows.filter((row) => row.fingerprint === token.fingerprint);
    if (of.length !== 1) differs(`${token.masked} has ${of.length} incidents`);
    for (const row of of) {
      if (row.account !== account) differs(`${token.masked} is an incident of account ${row.account}, not ${account}`);
      if (row.plane !== plan.plane) differs(`${token.masked} is of the plane ${row.plane}`);
      const end = endOf(plan);
      if (row.state !== end && !(end === "contained" && row.state === "resolved")) {
        differs(`${token.masked} is ${row.state}, not ${end}`);
      }
      if (row.was_live === plan.isDead)
        differs(`${token.masked} is said to have been ${row.was_live ? "live" : "dead"}`);
      const [wanted, found] = [[...places].toSorted().join(), [...(row.places ?? [])].toSorted().join()];
      if (wanted !== found) differs(`${token.masked} stands in ${wanted}, and the incident says ${found}`);
    }
  }
  for (const { account, fingerprint, masked } of rows) {
    if (!planned.has(`${account} ${fingerprint}`)) differs(`nobody leaked ${masked}, of which there is an incident`);
  }
}

function compareRevocations(town: Town, { token, planned }: Leak, differs: Differs): void {
  const asked = town.provider.requests.filter(
    ({ route, fingerprints }) => route === "revoke" && fingerprints.includes(token.fingerprint),
  );
  const keys = new Set(asked.map(({ idempotencyKey }) => idempotencyKey));
  const wanted = planned.isDead ? 0 : 1;
  if (keys.size !== wanted) differs(`${token.masked} has ${keys.size} revocations, not ${wanted}`);
  const status = town.api.statusOf(token);
  if (status !== "revoked") differs(`${token.masked} is ${status} at the API`);
}

/** A control token that is refused with 403, and was never seen to work, can be revoked or not: the API does not tell. */
function endOf({ isDead, plane }: Leak["planned"]): "contained" | "unverifiable" {
  return isDead && plane === "control" ? "unverifiable" : "contained";
}

function compareIssues(town: Town, leak: Leak, differs: Differs): void {
  const { token, planned, places } = leak;
  const issues = town.issuesAbout(leak);
  const isKnown = endOf(planned) === "contained";
  const isPublic = [...places].some((place) => !town.github.repositoryOf(place.split(" ", 1).join("")).private);
  // What may work is not spoken of in public: there may be an issue of before, which tells nothing any more.
  const isSilent = !isKnown && isPublic;
  // What the history of a new installation brought first, and was dead then, is told of in one issue for all of these.
  const isSummed = planned.isDead && summariesOf(town, leak).some(({ body }) => (body ?? "").includes(token.masked));
  const isCountRight = issues.length === 1 || (issues.length === 0 && (isSilent || isSummed));
  if (!isCountRight) {
    differs(`${token.masked} has ${issues.length} issues: ${issues.map(({ html_url: url }) => url).join(", ")}`);
  }
  for (const { repository, number, body } of issues) {
    const isWithheld = !isKnown && !town.github.repositoryOf(repository).private;
    const says = isWithheld
      ? "Details are withheld here"
      : !isKnown
        ? "**It is not known whether it works.**"
        : planned.isDead
          ? "**Already dead.**"
          : "**Contained.**";
    if (!(body ?? "").includes(says)) differs(`the issue ${repository}#${number} does not say ${says}`);
    const keys = town.github
      .commentsOf(repository, number)
      .flatMap((comment) => /<!-- keyrecall:comment .* -->/.exec(comment.body ?? "")?.[0] ?? []);
    if (new Set(keys).size !== keys.length) differs(`a comment below ${repository}#${number} is there twice`);
  }
}

const SUMMARY = "<!-- keyrecall:history ";

function summariesOf(town: Town, { organization }: Leak) {
  return town.repositories
    .filter((name) => name.startsWith(`${organization}/`))
    .flatMap((name) => town.github.issuesOf(name))
    .filter(({ body }) => (body ?? "").startsWith(SUMMARY));
}

/** Issues of the App that are about nothing that was planned. */
function compareStrays(town: Town, differs: Differs): void {
  const { botLogin } = town.github.appCredentials();
  const fingerprints = [...town.leaks.values()].map(({ token }) => token.fingerprint);
  for (const repository of town.repositories) {
    for (const { user, body, number } of town.github.issuesOf(repository)) {
      if (user?.login !== botLogin) continue;
      if ((body ?? "").startsWith(SUMMARY)) continue;
      if (!fingerprints.some((fingerprint) => (body ?? "").includes(fingerprint))) {
        differs(`the issue ${repository}#${number} is about nothing that leaked`);
      }
    }
  }
}

function compareHeads(town: Town, differs: Differs): void {
  for (const { repository, head, conclusions } of town.heads) {
    const runs = town.github.checkRunsOf(repository, head);
    const at = `${repository}@${head.slice(0, 8)}`;
    if (runs.length !== 1) differs(`${at} has ${runs.length} check runs`);
    for (const { status, conclusion } of runs) {
      if (status !== "completed") differs(`the check run of ${at} is ${status}`);
      else if (!conclusions.includes(conclusion ?? "")) {
        differs(`the check run of ${at} says ${conclusion}, not ${conclusions.join(" or ")}`);
      }
    }
  }
}

function compareAlerts(town: Town, differs: Differs): void {
  for (const { repository, number, leak } of town.alerts) {
    const alert = town.github.alertsOf(repository).find((one) => one.number === number)!;
    const is = `${alert.state} and ${alert.validity}`;
    const isDead = leak !== null && endOf(leak) === "contained";
    const wanted = isDead ? "resolved and inactive" : "open and unknown";
    if (is !== wanted) differs(`alert ${number} of ${repository} is ${is}, not ${wanted}`);
  }
}

async function compareCommand(
  town: Town,
  database: Database,
  { repository, comment, isDone }: GivenCommand,
  differs: Differs,
): Promise<void> {
  const at = `the command in comment ${comment} of ${repository}`;
  const reactions = town.github.reactionsTo(repository, comment).map(({ content }) => content);
  const wanted = isDone ? "+1" : "confused";
  if (reactions.join() !== wanted) differs(`${at} was answered with ${reactions.join() || "nothing"}, not ${wanted}`);
  const rows = await database.query<{ was_done: boolean }>("select was_done from keyrecall.command where key like $1", [
    `%${comment}%`,
  ]);
  const lines = await database.query<{ action: string }>(
    "select action from keyrecall.audit where action in ('command-done', 'command-refused') and detail->>'key' like $1",
    [`%${comment}%`],
  );
  if (rows.length !== 1 || rows[0]!.was_done !== isDone) differs(`${at} has ${rows.length} records`);
  if (lines.length !== 1) differs(`${at} stands ${lines.length} times in the audit log`);
}

/** In what the App printed, and in all that it wrote on GitHub. */
function lookForSecrets(town: Town, output: readonly string[], differs: Differs): void {
  const look = (text: string, where: string): void => {
    try {
      assertNoSecret(Buffer.from(text), where);
    } catch (error) {
      differs((error as Error).message);
    }
  };
  look(output.join("\n"), "the log");
  const { botLogin } = town.github.appCredentials();
  for (const name of town.repositories) {
    const issues = town.github.issuesOf(name);
    const comments = issues.flatMap(({ number }) => town.github.commentsOf(name, number));
    const own = [...issues.map(({ comment_bodies: _theirs, ...issue }) => issue), ...comments];
    const written = own.filter(({ user }) => user?.login === botLogin);
    look(JSON.stringify([written, town.github.checkRunsOf(name)]), `what was written in ${name}`);
  }
  for (const { leakedTokens, misplacedCredentials, route } of town.github.requests) {
    const places = leakedTokens.filter((place) => place !== "body");
    if (places.length > 0) differs(`a token stands in the ${places.join()} of ${route}`);
    if (misplacedCredentials.length > 0) differs(`a credential is out of its place in ${route}`);
  }
}

/** @returns how many rows there are */
async function lookInRows(database: Database, differs: Differs): Promise<number> {
  const tables = await database.query<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
     where table_schema like 'keyrecall%' and table_type = 'BASE TABLE'`,
  );
  let count = 0;
  for (const { name } of tables) {
    const rows = await database.query<{ row: string }>(`select t::text as row from ${name} t`);
    count += rows.length;
    try {
      assertNoSecret(Buffer.from(rows.map(({ row }) => row).join("\n")), name);
    } catch (error) {
      differs((error as Error).message);
    }
  }
  return count;
}
