// The App over time: it tells its operator, its keys are changed, it is uninstalled, and what is old is deleted.
import { randomBytes } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { assertNoSecret } from "../support/secret-guard.ts";
import type { MadeToken } from "../support/token.ts";
import { type AppProcess, AppWorld, type Tenant, until } from "./support/app-world.ts";
import { runCommand } from "./support/command.ts";
import { checkRunOn, rotationIssue } from "./support/outcomes.ts";
import { isSignedBy, type Received, Receiver } from "./support/receiver.ts";

const HOOK = "/keyrecall";
const SLACK = "/services/T0/B0/x";
const secrets = [randomBytes(16).toString("hex"), randomBytes(16).toString("hex")] as const;

let receiver: Receiver;
let world: AppWorld;
let app: AppProcess;
let tenant: Tenant;
/** Has the App until the end. */
let stays: Tenant;

beforeAll(async () => {
  receiver = await Receiver.start();
  world = await AppWorld.make({
    NOTIFY_URL: receiver.origin + HOOK,
    NOTIFY_SECRET: secrets[0],
    NOTIFY_SECRET_PREVIOUS: secrets[1],
    NOTIFY_SLACK_URL: receiver.origin + SLACK,
  });
  tenant = await world.addTenant();
  stays = await world.addTenant({ private: false });
  app = await world.start();
});

afterAll(async () => {
  await world.close();
  await receiver.close();
});

async function leak({ repository }: Tenant, token: MadeToken, file = ".env"): Promise<string> {
  return world.github.commit(repository, { files: { [file]: `INFERENCEKEY_SDK_TOKEN=${token.raw}\n` } });
}

interface Incident {
  readonly status: string;
  readonly fingerprint: string;
  readonly masked: string | null;
  readonly public_id: string | null;
  readonly verdict: object | null;
  readonly exposure_seconds: number | null;
  readonly repositories: readonly { readonly full_name: string; readonly private: boolean }[];
}

function about(token: MadeToken, event: string): (Received & { readonly incident: Incident })[] {
  return receiver
    .taken(HOOK)
    .map((one) => ({ ...one, incident: one.json["incident"] as Incident }))
    .filter(
      ({ json, incident }) => json["event"] === `incident.${event}` && incident.fingerprint === token.fingerprint,
    );
}

describe("notifications", () => {
  it("tell once that an incident was opened and contained, signed, and retried where the receiver fails", async () => {
    const token = world.api.mintControlToken("acme");
    receiver.next.push({ status: 503 }, { status: 500 }, { status: 429, headers: { "retry-after": "1" } });
    await leak(tenant, token);
    await rotationIssue(world, tenant.repository, token, "**Contained.**");
    const [opened] = await until(() => (about(token, "contained").length > 0 ? about(token, "opened") : null));
    const [contained] = about(token, "contained");
    expect(about(token, "opened")).toHaveLength(1);
    expect(about(token, "contained")).toHaveLength(1);
    for (const one of [opened!, contained!]) {
      expect(one.headers["content-type"]).toBe("application/json");
      for (const secret of secrets) expect(isSignedBy(one, secret)).toBe(true);
      expect(isSignedBy(one, "another-secret-altogether")).toBe(false);
      expect(one.json).toMatchObject({ schema: 1, method: "notify", issue: { repository: tenant.repository } });
      expect(one.incident.repositories).toEqual([{ full_name: tenant.repository, private: true }]);
    }
    expect(receiver.received.indexOf(receiver.received.find(({ body }) => body === contained!.body)!)).toBeGreaterThan(
      receiver.received.findIndex(({ body }) => body === opened!.body),
    );
    // Until it is contained, nothing that could not be said in public.
    expect(opened!.incident).toMatchObject({ status: "open", masked: null, public_id: null, verdict: null });
    expect(opened!.body).not.toContain(token.publicId);
    expect(contained!.incident).toMatchObject({
      status: "contained",
      masked: token.masked,
      verdict: { state: "revoked" },
    });
    expect(contained!.incident.exposure_seconds).toBeGreaterThan(0);
    // Whatever attempt it was, it said the same.
    const failed = receiver.received.filter(({ path, status }) => path === HOOK && status >= 400);
    for (const { json, body } of failed) {
      const again = receiver.taken(HOOK).find((one) => one.json["idempotency_key"] === json["idempotency_key"]);
      expect(again?.body).toBe(body);
    }
    expect(receiver.received.filter(({ status }) => status >= 400).length).toBe(3);
  });

  it("have a form for Slack, with a link and no more than may be said", async () => {
    const texts = await until(() => {
      const taken = receiver.taken(SLACK);
      return taken.length > 1 ? taken.map(({ json }) => String(json["text"])) : null;
    });
    expect(texts[0]).toMatch(
      /^:rotating_light: A leaked InferenceKey token \(control plane\) was found in acme-1\/shop; .*<http[^|]+\/issues\/1\|Rotation issue>$/,
    );
    expect(texts[0]).not.toMatch(/ik_sdk_/);
    expect(texts[1]).toMatch(
      /^:white_check_mark: .*`ik_sdk_[0-9a-f]{8}….*is out of service, [\d.]+ s after it arrived/,
    );
    for (const { headers } of receiver.taken(SLACK)) expect(headers["x-inferencekey-signature"]).toBeUndefined();
  });

  it("follow no redirect, and say in the log what was not taken, without the address", async () => {
    const token = world.api.mintControlToken("acme");
    const redirect = { status: 307, headers: { location: `${receiver.origin}/elsewhere` } };
    receiver.next.push(redirect, redirect, redirect, redirect);
    await leak(tenant, token, "second.env");
    await until(() => (app.output().match(/a notification was not taken/g)?.length ?? 0) >= 4);
    expect(receiver.received.filter(({ path }) => path === "/elsewhere")).toEqual([]);
    expect(app.output()).toContain("redirects, which is not followed");
    expect(app.output()).not.toContain(SLACK);
    const doctor = await runCommand(["doctor"], world.environment);
    expect(doctor.stdout).not.toContain(SLACK);
  });

  it("hold nothing of a token", () => {
    for (const { body } of receiver.received) assertNoSecret(Buffer.from(body), "a notification");
  });

  it("are not sent for a token that was dead when it was found", async () => {
    world.api.set({ revokedControl: "401" });
    const token = world.api.mintControlToken("acme");
    world.api.revoke(token);
    const before = receiver.received.length;
    const head = await leak(tenant, token, "dead.env");
    await checkRunOn(world, tenant.repository, head, ({ output }) => /\*\*revoked\*\*/.test(output.summary ?? ""));
    expect(about(token, "opened")).toEqual([]);
    expect(receiver.received.slice(before).filter(({ body }) => body.includes(token.fingerprint))).toEqual([]);
  });
});

/** Withheld by a dry run, sealed by the old key, overdue, and at last revoked with the new one. */
let token: MadeToken;

describe("keys and secrets that are changed, what is overdue, and an organisation that leaves", () => {
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  const newKey = randomBytes(32).toString("base64");
  let left: MadeToken;

  const clones = () => {
    const directory = join(world.environment["DATA_DIRECTORY"]!, "repositories/clones");
    return existsSync(directory) ? readdirSync(directory) : [];
  };

  it("seals anew under the new key what the old one sealed, and doctor tells when the old one can go", async () => {
    await app.stop();
    // What is withheld stays sealed.
    app = await world.start({ DRY_RUN_UNTIL: tomorrow });
    token = world.api.mintControlToken("acme");
    left = world.api.mintControlToken("acme");
    await leak(stays, token);
    await leak(tenant, left, "left.env");
    await until(() => about(token, "opened").length === 1 && about(left, "opened").length === 1);
    await world.github.settled();
    await app.stop();
    for (const [table, column] of [
      ["incident", "found_at"],
      ["notification", "episode"],
    ] as const) {
      await world.query(
        `update keyrecall.${table} set ${column} = ${column} - interval '61 minutes' where ${
          table === "incident" ? "id" : "incident_id"
        } in (select id from keyrecall.incident where fingerprint = $1)`,
        [token.fingerprint],
      );
    }
    const oldKey = world.environment["KEYRECALL_SEAL_KEY"]!;
    const oldSecret = world.environment["WEBHOOK_SECRET"]!;
    const newSecret = randomBytes(16).toString("hex");
    const unknown = await runCommand(["doctor"], { ...world.environment, KEYRECALL_SEAL_KEY: newKey });
    expect(unknown.code).toBe(1);
    expect(unknown.stdout).toMatch(/problem +seal-key +\d+ stored values are sealed by a key that is not configured/);

    const rotated = {
      KEYRECALL_SEAL_KEY: newKey,
      KEYRECALL_SEAL_KEY_PREVIOUS: oldKey,
      WEBHOOK_SECRET: newSecret,
      WEBHOOK_SECRET_PREVIOUS: oldSecret,
    };
    const before = await runCommand(["doctor"], { ...world.environment, ...rotated });
    expect(before.stdout).toMatch(/advice +seal-key +\d+ of \d+ stored values are still sealed by a key of before/);
    app = await world.start({ DRY_RUN_UNTIL: tomorrow, ...rotated });
    await until(() => app.output().includes("sealed anew"));
    // GitHub has the old secret still, and then the new one.
    world.github.addIssue(stays.repository, { title: "By the old secret" });
    await world.github.settled();
    world.github.set({ webhookSecret: newSecret });
    world.github.addIssue(stays.repository, { title: "By the new one" });
    await world.github.settled();
    expect(
      world.github
        .deliveries()
        .slice(-2)
        .map(({ statusCode }) => statusCode),
    ).toEqual([202, 202]);
    world.environment["KEYRECALL_SEAL_KEY"] = newKey;
    world.environment["WEBHOOK_SECRET"] = newSecret;
  });

  it("tells that a token is overdue, and says no more than may be said", async () => {
    const [overdue] = await until(() => (about(token, "overdue").length > 0 ? about(token, "overdue") : null));
    expect(overdue?.incident).toMatchObject({ status: "open", masked: null, public_id: null, verdict: null });
    await until(() => receiver.taken(SLACK).some(({ body }) => body.includes("not out of service yet")));
    expect(about(left, "overdue")).toEqual([]);
  });

  it("leaves no clone, no payload and no sealed token of who uninstalls it, and those of others stay", async () => {
    const before = clones();
    expect(before).toHaveLength(2);
    world.github.deleteInstallation(tenant.installation);
    const remaining = await until(() => (clones().length === 1 ? clones() : null));
    expect(before).toContain(remaining[0]);
    await until(() => app.output().includes("what is not needed any more was erased"));
    await app.stop();
    const [kept] = await world.query<Record<string, number>>(
      `select (select count(*)::int from keyrecall.incident i join keyrecall.installation n on n.account_id = i.account_id
           where i.token is not null and n.id = $1) as gone,
         (select count(*)::int from keyrecall.incident i join keyrecall.installation n on n.account_id = i.account_id
           where i.token is not null and n.id = $2) as staying,
         (select count(*)::int from keyrecall.delivery where payload is not null and installation_id = $1) as payloads,
         (select count(*)::int from keyrecall.audit where action = 'installation-erased') as audited`,
      [tenant.installation, stays.installation],
    );
    expect(kept).toEqual({ gone: 0, staying: 1, payloads: 0, audited: 1 });
    expect(world.api.statusOf(left)).toBe("live");
    const after = await runCommand(["doctor"], world.environment);
    expect(after.stdout).toMatch(/ok +seal-key +it opens all 1 stored values; no key of before is needed/);
  });
});

describe("retention", () => {
  const count = async () => {
    const [row] = await world.query<Record<string, number>>(
      `select (select count(*)::int from keyrecall.incident) as incidents,
         (select count(*)::int from keyrecall.incident where token is not null) as tokens,
         (select count(*)::int from keyrecall.audit where at < now() - interval '30 days') as old_lines,
         (select count(*)::int from keyrecall.delivery where received_at < now() - interval '30 days') as old_deliveries,
         (select count(*)::int from keyrecall.delivery where payload is not null) as payloads,
         (select count(*)::int from keyrecall.scan where scanned_at < now() - interval '365 days') as old_scans`,
    );
    return row!;
  };

  const swept = () =>
    until(async () => {
      const metrics = await (await fetch(`${app.address}/metrics`)).text();
      return /keyrecall_jobs_total\{kind="sweep",outcome="done"\} [1-9]/.test(metrics);
    });

  it("keeps everything by default, but nothing that came late of who uninstalled it", async () => {
    const { installation } = tenant;
    await world.query("update keyrecall.incident set updated_at = now() - interval '400 days', checks_done = 3");
    // One that nobody can read any more, and that is open.
    await world.query(
      `insert into keyrecall.incident (id, account_id, fingerprint, rule, plane, public_id, masked, state, verdict, was_live,
         blast_radius, hints, received_at, found_at, updated_at)
       select gen_random_uuid(), account_id, 'sha256:open', rule, plane, public_id, masked, 'verified', verdict, true,
         blast_radius, hints, received_at, found_at, updated_at
       from keyrecall.incident where account_id = (select account_id from keyrecall.installation where id = $1)`,
      [stays.installation],
    );
    await world.query("update keyrecall.delivery set received_at = now() - interval '400 days'");
    await world.query("update keyrecall.scan set scanned_at = now() - interval '400 days'");
    await world.query(
      "insert into keyrecall.audit (at, actor, action) select now() - interval '400 days', 'x', 'scanned' from generate_series(1, 700)",
    );
    await world.query(
      `update keyrecall.delivery set payload = 'x', state = 'failed', finished_at = now(), received_at = now()
       where id = (select id from keyrecall.delivery where installation_id = $1 and event = 'push' limit 1)`,
      [installation],
    );
    await world.query(
      `update keyrecall.incident set token = 'x', updated_at = now() - interval '400 days'
       where account_id = (select account_id from keyrecall.installation where id = $1)`,
      [installation],
    );
    const before = await count();
    app = await world.start();
    await until(() => app.output().includes("what is not needed any more was erased"));
    await swept();
    // With the new key alone: the dry run is over, and what the old key had sealed is revoked.
    await until(() => world.api.statusOf(token) === "revoked");
    await until(() => about(token, "contained").length === 1);
    expect(about(token, "opened")).toHaveLength(1);
    expect(about(token, "overdue")).toHaveLength(1);
    await app.stop();
    expect(await count()).toMatchObject({
      incidents: before["incidents"],
      tokens: 0,
      payloads: 0,
      old_lines: 700,
      old_scans: before["old_scans"],
    });
    for (const change of ["delete from keyrecall.audit", "update keyrecall.audit set actor = 'y'"]) {
      await expect(world.query(change)).rejects.toThrow("append-only");
    }
  });

  it("deletes what is older than it says: incidents at their end, those of who left, lines of the audit log", async () => {
    await world.query("update keyrecall.incident set updated_at = now() - interval '400 days', checks_done = 3");
    app = await world.start({ INCIDENT_RETENTION_DAYS: "365", AUDIT_RETENTION_DAYS: "30" });
    await until(() => app.output().includes("what was old enough was deleted"));
    await app.stop();
    const after = await count();
    // What is open is never deleted, of who has the App.
    expect(after).toMatchObject({ incidents: 1, old_lines: 0, old_deliveries: 0, old_scans: 0 });
    expect(await world.query("select fingerprint from keyrecall.incident")).toEqual([{ fingerprint: "sha256:open" }]);
    const applied = await world.query("select 1 from keyrecall.audit where action = 'retention-applied'");
    expect(applied.length).toBeGreaterThan(1);
  });
});
