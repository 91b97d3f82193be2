// Check runs on GitHub: one for each piece of work, all annotations once, and nothing that lets a commit pass too early.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { beginCheckRun, publishCheckRun } from "../../../app/github/check-runs.ts";
import { cutToBytes } from "../../../app/github/cut-to-bytes.ts";
import type { CheckRunReport } from "../../../app/issues/check-run.ts";
import { type Setup, setUpGitHub } from "../support/github.ts";

let all: Setup;
let head = "";
let piece = 0;

beforeAll(async () => {
  all = await setUpGitHub();
  head = await all.emulator.commit("acme/billing", { files: { "a.env": "x" } });
});

afterAll(() => all.close());

const newPlace = () => {
  piece += 1;
  return { fullName: "acme/billing", headSha: head, externalId: `push:${piece}`, name: "Keyrecall" };
};

const report = (annotations: number, changes: Partial<CheckRunReport> = {}): CheckRunReport => ({
  conclusion: "failure",
  title: "1 leaked token",
  summary: "What was pushed is leaked.",
  actions: [],
  annotations: Array.from({ length: annotations }, (_, n) => ({
    path: "a.env",
    line: n + 1,
    title: "Leaked",
    message: `${n}`,
  })),
  ...changes,
});

const runOf = (externalId: string) =>
  all.emulator.checkRunsOf("acme/billing").filter((run) => run.external_id === externalId);
const publish = (place: ReturnType<typeof newPlace>, what: CheckRunReport) =>
  publishCheckRun(all.client, all.identity, place, what);

describe("publishing", () => {
  it.each([0, 1, 50, 51, 120])("sends %s annotations, each once, however often it runs", async (count) => {
    const place = newPlace();
    for (let n = 0; n < 2; n += 1) expect(await publish(place, report(count))).toMatchObject({ kind: "check-run" });
    const runs = runOf(place.externalId);
    expect(runs.length).toBe(1);
    expect(runs[0]).toMatchObject({ status: "completed", conclusion: "failure", head_sha: head });
    expect(runs[0]?.annotations.map(({ message }) => message)).toEqual(Array.from({ length: count }, (_, n) => `${n}`));
  });

  it("goes on where it was stopped, and completes last", async () => {
    const place = newPlace();
    all.emulator.inject(
      { kind: "unavailable" },
      { route: "PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}", times: 1 },
    );
    await expect(publish(place, report(120))).rejects.toThrow(/503/);
    expect(runOf(place.externalId)[0]).toMatchObject({ status: "in_progress", conclusion: null });
    await publish(place, report(120));
    expect(runOf(place.externalId)[0]?.annotations.length).toBe(120);
    expect(runOf(place.externalId)[0]).toMatchObject({ status: "completed", conclusion: "failure" });
  });

  it("changes the conclusion of the run that there is", async () => {
    const place = newPlace();
    await beginCheckRun(all.client, all.identity, place);
    expect(runOf(place.externalId)[0]).toMatchObject({ status: "in_progress" });
    await publish(place, report(0, { conclusion: "action_required" }));
    await publish(place, report(0, { conclusion: "success", title: "No leaked tokens" }));
    const runs = runOf(place.externalId);
    expect(runs.length).toBe(1);
    expect(runs[0]).toMatchObject({ conclusion: "success", output: { title: "No leaked tokens" } });
  });

  it("answers a request to run again with the same run", async () => {
    const place = newPlace();
    const first = await publish(place, report(2));
    all.emulator.rerunCheck("acme/billing", first.kind === "check-run" ? first.id : 0);
    expect(await publish(place, report(2))).toEqual(first);
    expect(runOf(place.externalId)[0]).toMatchObject({ status: "completed", conclusion: "failure" });
  });

  it("gives the conclusion without annotations that GitHub does not take", async () => {
    const place = newPlace();
    all.emulator.inject(
      { kind: "api-error", status: 422, code: null, message: "Invalid request. annotations/0/path is malformed" },
      { route: "POST /repos/{owner}/{repo}/check-runs", times: 1 },
    );
    expect(await publish(place, report(2))).toMatchObject({ kind: "check-run" });
    expect(runOf(place.externalId)[0]).toMatchObject({ conclusion: "failure", annotations: [] });
  });

  it("cuts what is too long", async () => {
    const place = newPlace();
    const long = "é".repeat(70_000);
    const annotations = [{ path: "a.env", line: 1, title: "t".repeat(400), message: long }];
    await publish(place, { conclusion: "failure", title: long, summary: long, annotations, actions: [] });
    const [run] = runOf(place.externalId);
    expect(Buffer.byteLength(run?.output.summary ?? "")).toBeLessThanOrEqual(65_535);
    expect(run?.annotations[0]?.message?.endsWith("…")).toBe(true);
  });

  it("says what is refused", async () => {
    expect(await publish({ ...newPlace(), headSha: "0".repeat(39) + "1" }, report(0))).toMatchObject({
      kind: "refused",
    });
    expect(await publish({ ...newPlace(), fullName: "acme/none" }, report(0))).toMatchObject({ reason: "missing" });
  });
});

it("cuts between characters", () => {
  expect(cutToBytes("abc", 3)).toBe("abc");
  for (let max = 8; max < 20; max += 1) {
    const cut = cutToBytes("€€€€€€€€€€", max);
    expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(max);
    expect(cut).toMatch(/^€*\n\n…$/);
  }
});
