import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type ActionRun, examplePayload, expectLeak, pullRequestPayload, runAction } from "../support/action.ts";
import { makeToken, makeTokens } from "../support/token.ts";
import { startUpstream } from "../support/upstream.ts";

interface Sarif {
  readonly version: string;
  readonly runs: readonly [
    {
      readonly tool: { readonly driver: { readonly rules: readonly Record<string, unknown>[] } };
      readonly results: readonly {
        readonly ruleId: string;
        readonly level: string;
        readonly message: { readonly text: string };
        readonly locations: readonly {
          readonly physicalLocation: {
            readonly artifactLocation: { readonly uri: string };
            readonly region: Record<string, number>;
          };
        }[];
        readonly partialFingerprints: Readonly<Record<string, string>>;
      }[];
    },
  ];
}

function sarifOf(run: ActionRun): Sarif {
  return JSON.parse(readFileSync(run.outputs["sarif"] ?? "", "utf8")) as Sarif;
}

const inputs = { "sarif-file": "keyrecall.sarif" };

describe("the SARIF file of the Action", () => {
  it("has a result for each place, with what code scanning shows", async () => {
    const [control, data] = [makeToken(), makeToken({ plane: "data" })];
    const { repository, base, server } = await startUpstream();
    repository.write("deploy/a b#1.env", `first\n  key: ${control.raw}\n`);
    const head = repository.commitFile("b.env", `${data.raw}\n`);
    const payload = pullRequestPayload({ base, head });
    const run = await runAction({ event: "pull_request", payload, server, inputs });
    expectLeak(run, [control, data]);
    const sarif = sarifOf(run);
    expect(sarif.version).toBe("2.1.0");
    const [{ tool, results }] = sarif.runs;
    expect(results).toHaveLength(2);
    expect(results[0]).toMatchObject({ ruleId: "inferencekey-control-token", level: "error" });
    expect(results[0]!.locations[0]!.physicalLocation).toMatchObject({
      artifactLocation: { uri: "deploy/a%20b%231.env" },
      region: { startLine: 2, startColumn: 8, endLine: 2, endColumn: 8 + control.raw.length },
    });
    for (const rule of tool.driver.rules) {
      expect(rule).toMatchObject({
        shortDescription: { text: expect.any(String) as string },
        help: { text: expect.any(String) as string },
        properties: { "security-severity": expect.stringMatching(/^\d\.\d$/) as string },
      });
    }
    for (const result of results) {
      expect(result.partialFingerprints["primaryLocationLineHash"]).toMatch(/^[0-9a-f]{1,16}:1$/);
    }
  });

  it("knows a line again when it moves, and not when it changes", async () => {
    const [one, other] = makeTokens(2);
    const { repository, base, server } = await startUpstream();
    const hashOf = async (text: string): Promise<string | undefined> => {
      repository.git(["reset", "-q", "--hard", base]);
      const payload = pullRequestPayload({ base, head: repository.commitFile("a.env", text) });
      const run = await runAction({ event: "pull_request", payload, server, inputs });
      return sarifOf(run).runs[0].results[0]!.partialFingerprints["primaryLocationLineHash"];
    };
    const first = await hashOf(`${one.raw}\nlast\n`);
    expect(await hashOf(`more\nand more\n\t${one.raw}\r\nlast\n`)).toBe(first);
    expect(await hashOf(`${other.raw}\nlast\n`)).not.toBe(first);
  });

  it("gives a hash of the files in a working tree too, and a name to what stands in no file", async () => {
    const [inTree, inMessage] = makeTokens(2);
    const { repository, base, server } = await startUpstream();
    const head = repository.commitFile("a.env", inTree.raw, `Message\n\n${inMessage.raw}`);
    const checkout = repository.clone(["--depth=1", "--branch=topic"]);
    const payload = pullRequestPayload({ base, head });
    const run = await runAction({ event: "pull_request", payload, server, inputs });
    const uris = sarifOf(run).runs[0].results.map(
      ({ locations: [first] }) => first!.physicalLocation.artifactLocation.uri,
    );
    expect(uris.toSorted()).toEqual([`.git/commit-message/${head}`, "a.env"]);
    const tree = await runAction({
      event: "workflow_dispatch",
      payload: examplePayload("workflow_dispatch", null),
      server,
      workspace: checkout.dir,
      inputs: { ...inputs, scan: "tree" },
    });
    const hashes = [run, tree].map(
      (one) =>
        sarifOf(one).runs[0].results.find(
          ({ locations: [first] }) => first!.physicalLocation.artifactLocation.uri === "a.env",
        )!.partialFingerprints["primaryLocationLineHash"],
    );
    expect(hashes[0]).toBe(hashes[1]);
  });

  it("lets no hash of what can be guessed leave the machine", async () => {
    const { repository, base, server } = await startUpstream();
    // The prefix, another shape, and few enough characters to try them all.
    const suspect = ["ik", "live", "q7Zk2Vx9Lw4Tn8Rb"].join("_");
    const hashes: (string | undefined)[] = [];
    for (const text of [`${suspect}\n`, `${suspect.replace("q7", "w3")}\n`]) {
      repository.git(["reset", "-q", "--hard", base]);
      const payload = pullRequestPayload({ base, head: repository.commitFile("a.env", text) });
      const options = { ...inputs, "min-confidence": "suspect" };
      const run = await runAction({ event: "pull_request", payload, server, inputs: options });
      expect(run.outputs["found"]).toBe("1");
      hashes.push(sarifOf(run).runs[0].results[0]!.partialFingerprints["primaryLocationLineHash"]);
    }
    expect(hashes[0]).toBe(hashes[1]);
  });

  it("is written for a clean result too, so that alerts are closed", async () => {
    const { repository, base, server } = await startUpstream();
    const payload = pullRequestPayload({ base, head: repository.commitFile("a.txt", "1") });
    const run = await runAction({ event: "pull_request", payload, server, inputs });
    expect(sarifOf(run).runs[0].results).toEqual([]);
    expect(run.status).toBe(0);
  });
});
