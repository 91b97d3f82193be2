// What is said of a live token is never more than the API told.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Token } from "../../src/core/token.ts";
import { blastRadiusNow, type OwnThings } from "../../src/respond/blast-radius.ts";
import { builtinRules } from "../../src/rules/builtin.generated.ts";
import { Verifier } from "../../src/verify/verifier.ts";
import { startInferenceKey, type InferenceKeyEmulator } from "../emulators/inferencekey/emulator.ts";
import { SWITCHES, type Switches } from "../emulators/inferencekey/switches.ts";
import type { MadeToken } from "../support/token.ts";

let api: InferenceKeyEmulator;
let verifier: Verifier;

beforeEach(async () => {
  api = await startInferenceKey();
  api.addWorkload("acme", { slug: "support" });
  api.addWorkload("acme", { slug: "search" });
  verifier = new Verifier({ baseUrl: api.baseUrl, userAgent: "test", timeoutMs: 2000 });
});

afterEach(async () => {
  await verifier.close();
  await api.close();
});

async function notesOn({ raw, plane, prefix, publicId }: MadeToken, own: Partial<OwnThings>): Promise<string[]> {
  const rule = builtinRules.find((one) => one.plane === plane)!;
  const token = new Token(raw, { rule: rule.id, plane, confidence: "certain", prefix, publicId, isGuessable: false });
  const live = { state: "live", reason: "" } as const;
  const { notes } = await blastRadiusNow(rule, token, live, verifier, { projects: [], workloads: [], ...own });
  return [...(notes ?? [])];
}

function combinations(): Partial<Switches>[] {
  const { lookup, validation, projectCheck, grantMismatch, endpointOff } = SWITCHES;
  return lookup.flatMap((when) =>
    validation.flatMap((check) =>
      projectCheck.flatMap((order) =>
        grantMismatch.flatMap((mismatch) =>
          endpointOff.map((off) => ({
            lookup: when,
            validation: check,
            projectCheck: order,
            grantMismatch: mismatch,
            endpointOff: off,
          })),
        ),
      ),
    ),
  );
}

describe("which workloads a data token opens", () => {
  it("is never said wrongly, in whatever order the API checks", async () => {
    const wide = api.mintDataToken(["acme/*"]);
    const narrow = api.mintDataToken(["acme/support"]);
    const foreign = api.mintDataToken(["acme/search"]);
    let told = 0;
    for (const switches of combinations()) {
      api.set(switches);
      const ask = async (token: MadeToken): Promise<string> =>
        (await notesOn(token, { workloads: ["acme/support"] })).join();
      const [ofWide, ofNarrow, ofForeign] = [await ask(wide), await ask(narrow), await ask(foreign)];
      expect(ofWide, JSON.stringify(switches)).not.toMatch(/does not open|not all/);
      expect(ofNarrow, JSON.stringify(switches)).not.toMatch(/does not open|seems to open all/);
      expect(ofForeign, JSON.stringify(switches)).not.toMatch(/: it opens/);
      told += [ofWide, ofNarrow, ofForeign].filter((note) => !note.includes("does not tell")).length;
    }
    expect(told).toBeGreaterThan(30);
    expect(api.requests.every(({ effect, route }) => effect === "none" && route === "jobs")).toBe(true);
  });

  it("is not asked about where no workload is named", async () => {
    expect(await notesOn(api.mintDataToken(["acme/*"]), { projects: ["acme"] })).toEqual([
      expect.stringContaining("--workload"),
    ]);
    expect(api.requests).toEqual([]);
  });
});

describe("the list of workloads", () => {
  it.each([
    [{ kind: "html-page" }, /answered 200 with/],
    [{ kind: "api-error", status: 404, code: "not_found" }, /answered 404 not_found/],
    [{ kind: "endless-body" }, /more than/],
    [{ kind: "redirect", location: "https://elsewhere.example/" }, /not followed/],
  ] as const)("that cannot be had for %j is said to be that", async (fault, why) => {
    api.inject(fault);
    const notes = await notesOn(api.mintControlToken("acme"), { projects: ["acme"] });
    expect(notes).toEqual([expect.stringMatching(/^acme: the list of workloads could not be had/)]);
    expect(notes.join()).toMatch(why);
  });
});
