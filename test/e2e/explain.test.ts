// What a holder of a token can do, and how it is rotated: for a plane, for tokens, in every format.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { expectStatus, runCli, type CliRun } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import { ResponseWorld } from "../support/response-world.ts";
import { jsonOf } from "../support/schema.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { makeToken, makeTokens, type MadeToken } from "../support/token.ts";

interface Explanation {
  readonly rule: string;
  readonly masked?: string;
  readonly verdict?: { readonly state: string };
  readonly blastRadius: {
    readonly summary: string;
    readonly can: readonly string[];
    readonly cannot: readonly string[];
    readonly workloads?: readonly { readonly project: string; readonly slug: string; readonly gpu: boolean }[];
    readonly notes?: readonly string[];
  };
  readonly rotation: {
    readonly steps: readonly { readonly what: string; readonly files?: readonly { path: string; kind: string }[] }[];
  };
}

function explanationsOf(run: CliRun): readonly Explanation[] {
  return (jsonOf(run, "explanation") as { tokens: Explanation[] }).tokens;
}

describe("a plane", () => {
  const control = {
    can: [/delete .* GPUs .*outage/, /create .* billable .*cost/, /workload:read/],
    cannot: [/call inference or read prompts/, /outside its project/],
    steps: [
      /Mint .*\(Tokens\).*workload:read/,
      /INFERENCEKEY_SDK_TOKEN/,
      /Revoke .*\(Tokens\)/,
      /keyrecall verify/,
      /history/,
    ],
  };
  const data = {
    can: [/inference .*spend and quota/, /asynchronous jobs/, /later ones included.*projectSlug\/\*/],
    cannot: [/create, change, delete or list workloads/, /outside its scope/],
    steps: [
      /Mint .*\(API Keys\).*endpoints/,
      /INFERENCEKEY_API_KEY/,
      /Revoke .*\(API Keys\)/,
      /keyrecall verify/,
      /history/,
    ],
  };

  it.each([
    ["control", control],
    ["data", data],
  ] as const)("%s: what can be done with it, what cannot, and the steps in their order", (plane, expected) => {
    const options = { cwd: makeTempDir() };
    const json = runCli(["explain", plane, "--format", "json"], options);
    expectStatus(json, 0);
    const [explanation, ...more] = explanationsOf(json);
    expect(more).toEqual([]);
    expect(explanation).toMatchObject({ rule: `inferencekey-${plane}-token` });
    expect(explanation).not.toHaveProperty("verdict");
    const { blastRadius, rotation } = explanation!;
    expected.can.forEach((pattern) => expect(blastRadius.can.join("\n")).toMatch(pattern));
    expected.cannot.forEach((pattern) => expect(blastRadius.cannot.join("\n")).toMatch(pattern));
    expect(rotation.steps.map(({ what }) => what)).toEqual(
      expected.steps.map((pattern) => expect.stringMatching(pattern) as string),
    );
    const text = runCli(["explain", plane], options);
    const markdown = runCli(["explain", plane, "--format", "markdown"], options);
    for (const line of [...blastRadius.can, ...blastRadius.cannot, ...rotation.steps.map(({ what }) => what)]) {
      expect(text.stdout).toContain(line);
      expect(markdown.stdout).toContain(line);
    }
    expect(markdown.stdout).toMatch(/^## InferenceKey/m);
    expect(markdown.stdout).toMatch(/^### Rotate/m);
    expect(markdown.stdout).toMatch(/^5\. /m);
  });

  it("mistakes are exit code 2", () => {
    const options = { cwd: makeTempDir() };
    expectStatus(runCli(["explain", "both"], options), 2);
    const verify = runCli(["explain", "control", "--verify"], options);
    expectStatus(verify, 2);
    expect(verify.stderr).toContain("not for a plane");
    const token = makeToken();
    const argument = runCli(["explain", token.raw], options);
    expectStatus(argument, 2);
    expectStatus(runCli(["explain"], options), 2);
  });

  it("rules of an operator are explained as well", () => {
    const dir = new GitRepository(makeTempDir());
    dir.write(
      "rules.yml",
      `schema: 1
rules:
  - id: acme-key
    name: acme key
    plane: control
    grammar: { prefix: acme_, parts: [{ name: secret, class: hex, length: 64 }], secret: secret }
    blastRadius: { summary: does all, can: [do all], cannot: [fly] }
    rotation: { dashboard: Keys, steps: [make a new one] }
`,
    );
    const run = runCli(["explain", "control", "--rules", "rules.yml", "--format", "json"], { cwd: dir.dir });
    const [, own] = explanationsOf(run);
    expect(own).toMatchObject({ rule: "acme-key", blastRadius: { summary: "does all" } });
    expect(own?.rotation.steps[1]?.what).toContain("its rule names no variable");
  });
});

describe("the consumers", () => {
  it("are the files of this repository that read the variable, by name or by a call of the vendor's client", () => {
    const repository = GitRepository.init();
    const reading = {
      ".github/workflows/deploy.yml": ["workflow", "env: { T: ${{ secrets.INFERENCEKEY_SDK_TOKEN }} }"],
      "k8s/secret.yaml": ["manifest", "key: INFERENCEKEY_SDK_TOKEN"],
      Dockerfile: ["manifest", "ENV INFERENCEKEY_SDK_TOKEN="],
      "deploy/.env.example": ["environment file", "INFERENCEKEY_SDK_TOKEN="],
      "src/manage.py": ["code", "client = ManagementClient.from_env(project='acme')"],
      "src/manage.ts": ["code", "ManagementClient.fromEnv({ project })"],
      "docs/setup.md": ["documentation", "Set INFERENCEKEY_SDK_TOKEN."],
    } as const;
    for (const [path, [, text]] of Object.entries(reading)) repository.write(path, `${text}\n`);
    repository
      .write("other.py", "MY_INFERENCEKEY_SDK_TOKEN_OLD = INFERENCEKEY_API_KEY\n")
      .write("ignored.py", "INFERENCEKEY_SDK_TOKEN");
    repository.write(".gitignore", "ignored.py\n").commit();
    repository.write("untracked.sh", "echo $INFERENCEKEY_SDK_TOKEN");
    const expected = [
      ...Object.entries(reading).map(([path, [kind]]) => ({ path, kind })),
      { path: "untracked.sh", kind: "code" },
    ];
    for (const cwd of [repository.dir, `${repository.dir}/src`]) {
      const [explanation] = explanationsOf(runCli(["explain", "control", "--format", "json"], { cwd }));
      const files = explanation?.rotation.steps[1]?.files ?? [];
      expect(new Set(files)).toEqual(new Set(expected));
      expect(files[0]).toEqual({ path: ".github/workflows/deploy.yml", kind: "workflow" });
    }
    const data = explanationsOf(runCli(["explain", "data", "--format", "json"], { cwd: repository.dir }));
    expect(data[0]?.rotation.steps[1]?.files).toEqual([{ path: "other.py", kind: "code" }]);
  });

  it("are looked for in HEAD of a bare repository", () => {
    const repository = GitRepository.init();
    repository.commitFile("a b.py", "INFERENCEKEY_API_KEY");
    const bare = repository.clone(["--bare"], { bare: true });
    const [explanation] = explanationsOf(runCli(["explain", "data", "--format", "json"], { cwd: bare.dir }));
    expect(explanation?.rotation.steps[1]?.files).toEqual([{ path: "a b.py", kind: "code" }]);
  });

  it("names that are hostile steer neither a terminal nor Markdown, and tokens in them are masked", () => {
    const repository = GitRepository.init();
    const token = makeToken();
    const names = [
      "esc\u001b[2J\nrun.sh",
      "`](javascript:alert(1))<img src=x>@octocat.md",
      `${token.raw}.py`,
      "rtl\u202egnp.sh",
    ];
    for (const name of names) repository.write(name, "INFERENCEKEY_SDK_TOKEN");
    repository.write(Buffer.from("latin\xe9.py", "latin1"), "INFERENCEKEY_SDK_TOKEN");
    const options = { cwd: repository.dir };
    for (const format of ["text", "markdown", "json"]) {
      const run = runCli(["explain", "control", "--format", format], options);
      expectStatus(run, 0);
      // oxlint-disable-next-line no-control-regex
      expect(run.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
      expect(run.stdout).toContain(token.masked);
    }
    const text = runCli(["explain", "control"], options).stdout;
    expect(text).toContain("esc\\x1b[2J\\nrun.sh (code)");
    expect(text).toContain("latin\\xe9.py (code)");
    expect(runCli(["explain", "control", "--format", "markdown"], options).stdout).toContain(
      "- `` `](javascript:alert(1))<img src=x>@octocat.md `` (documentation)",
    );
  });

  it("that nobody could look for are not said to be none", () => {
    const outside = runCli(["explain", "control"], { cwd: makeTempDir() });
    expect(outside.stdout).toContain("which files read it is not known: this is no repository");
    const repository = GitRepository.init();
    expect(runCli(["explain", "control"], { cwd: repository.dir }).stdout).toContain(
      "no file of this repository reads it",
    );
    repository.git(["config", "core.repositoryFormatVersion", "1"]);
    repository.git(["config", "extensions.fromTheFuture", "true"]);
    const refused = runCli(["explain", "control"], { cwd: repository.dir });
    expectStatus(refused, 0);
    expect(refused.stdout).toContain("git cannot read this repository");
  });

  it("are cut, and that is said", () => {
    const repository = GitRepository.init();
    for (let index = 0; index < 230; index += 1) repository.write(`f/${index}.py`, "INFERENCEKEY_SDK_TOKEN");
    const text = runCli(["explain", "control"], { cwd: repository.dir }).stdout;
    expect(text).toContain("Among the files of this repository that read it:");
    expect(text).toMatch(/… and \d+ more/);
  });
});

describe("tokens from standard input", () => {
  let world: ResponseWorld;

  beforeEach(async () => {
    world = await ResponseWorld.start();
  });

  afterEach(() => world.close());

  async function explain(token: MadeToken, args: readonly string[] = []): Promise<Explanation> {
    const run = await world.run(["explain", "--verify", "--format", "json", ...args], { input: token.raw });
    expectStatus(run, 0);
    return explanationsOf(run)[0]!;
  }

  it("are explained without a word to the network unless --verify says so", async () => {
    const [first, second] = makeTokens(2);
    const data = makeToken({ plane: "data" });
    const input = [first, second, data, first].map(({ raw }) => `${raw}\r\n`).join("");
    const run = await world.run(["explain", "--format", "json"], { input });
    expectStatus(run, 0);
    expect(explanationsOf(run).map(({ masked, rule, verdict }) => [masked, rule, verdict?.state])).toEqual([
      [first.masked, "inferencekey-control-token", "unchecked"],
      [second.masked, "inferencekey-control-token", "unchecked"],
      [data.masked, "inferencekey-data-token", "unchecked"],
    ]);
    const text = await world.run(["explain"], { input });
    expect(text.stdout).toContain("not verified: --verify asks the API whether it works");
    expect((await world.run(["explain", "--format", "markdown"], { input })).stdout).toContain(`\`${data.masked}\``);
    expect(world.api.requests).toEqual([]);
  });

  it("a live control token: the workloads of the named project, and of no other", async () => {
    const token = world.api.mintControlToken("acme");
    const { verdict, blastRadius } = await explain(token, ["--project", "acme"]);
    expect(verdict).toMatchObject({ state: "live" });
    expect(blastRadius.workloads).toEqual([
      { project: "acme", slug: "support", task: "text2text", model: "big-model", backend: "vllm", gpu: true },
      { project: "acme", slug: "search", task: "embedding", model: "small-model", backend: "tei", gpu: false },
    ]);
    expect(blastRadius.summary).toMatch(
      /delete 2 workloads now \(outage\), 1 of them with GPUs.* billable capacity \(cost\)/,
    );
    expect(blastRadius.notes?.join()).toContain("workload:read alone");
    for (const format of ["text", "markdown"]) {
      const args = ["explain", "--verify", "--project", "acme", "--format", format];
      const { stdout } = await world.run(args, { input: token.raw });
      expect(stdout).toContain("acme/support (text2text, big-model, vllm, GPUs provisioned)");
      expect(stdout).toContain("acme/search (embedding, small-model, tei, no GPU)");
    }
    const listed = world.api.requests.filter(({ effect }) => effect === "read");
    expect(new Set(listed.map(({ path }) => path))).toEqual(new Set(["/api/projects/acme/workloads"]));
  });

  it("without a named project nothing is read", async () => {
    const { blastRadius } = await explain(world.api.mintControlToken("acme"));
    expect(blastRadius).not.toHaveProperty("workloads");
    expect(blastRadius.notes).toEqual([expect.stringContaining("--project")]);
    expect(world.api.requests.filter(({ effect }) => effect !== "none")).toEqual([]);
  });

  it("the project of the configuration is the operator's too; a token of another project reads nothing", async () => {
    world.configure("projects: [acme]");
    const { blastRadius } = await explain(world.api.mintControlToken("other"));
    expect(blastRadius).not.toHaveProperty("workloads");
    expect(blastRadius.notes).toEqual(["acme: the token is of another project"]);
    expect(blastRadius.summary).toContain("creates, changes and deletes");
    expect(world.api.requests.filter(({ effect }) => effect !== "none")).toEqual([]);
  });

  it("a refused list is said, with what can be done all the same", async () => {
    world.api.set({ listScope: "read" });
    const { blastRadius } = await explain(world.api.mintControlToken("acme"), ["--project", "acme"]);
    expect(blastRadius.notes).toEqual([expect.stringMatching(/refused \(the token lacks workload:read\)/)]);
    expect(blastRadius.can.join()).toMatch(/tears down the GPUs/);
  });

  it.each([
    [["acme/support"], /acme\/support: it opens this workload, and not all of the project/],
    [["acme/*"], /acme\/support: it opens this workload, and seems to open all of the project \(acme\/\*\)/],
    [["other/*"], /acme\/support: it does not open this workload/],
  ] as const)("a live data token of %j and a named workload", async (grants, note) => {
    const token = world.api.mintDataToken(grants);
    const { verdict, blastRadius } = await explain(token, ["--workload", "acme/support"]);
    expect(verdict).toMatchObject({ state: "live" });
    expect(blastRadius.notes).toEqual([expect.stringMatching(note)]);
    expect(world.api.requests.filter(({ effect }) => effect !== "none")).toEqual([]);
  });

  it("a dead token: nobody can do anything with it any more", async () => {
    world.api.set({ revokedControl: "401" });
    const token = world.api.mintControlToken("acme");
    world.api.revoke(token);
    for (const format of ["text", "markdown"]) {
      const run = await world.run(["explain", "--verify", "--format", format, "--project", "acme"], {
        input: token.raw,
      });
      expect(run.stdout).toContain("Nobody can do anything with it any more");
    }
    expect(world.api.requests.filter(({ effect }) => effect !== "none")).toEqual([]);
  });

  it("an API that cannot be asked is exit code 4, and the rest is explained all the same", async () => {
    world.api.inject({ kind: "html-page" });
    const input = world.api.mintControlToken("acme").raw;
    const run = await world.run(["explain", "--verify", "--format", "json"], { input });
    expectStatus(run, 4);
    expect(explanationsOf(run)).toMatchObject([{ verdict: { state: "unknown" } }]);
  });

  it("names of workloads are the API's words: they steer nothing, and tokens in them are masked", async () => {
    const token = world.api.mintControlToken("acme");
    world.api.addWorkload("acme", { slug: "odd", model_name: `\u001b[31m${token.raw}\nx`, backend: "`<b>`" });
    for (const format of ["text", "markdown", "json"]) {
      const run = await world.run(["explain", "--verify", "--project", "acme", "--format", format], {
        input: token.raw,
      });
      expectStatus(run, 0);
      // oxlint-disable-next-line no-control-regex
      expect(run.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
      expect(run.stdout).toContain(token.masked);
      expect(run.stdout).toMatch(format === "json" ? /"slug": "odd"/ : /acme\/odd \(/);
    }
  });

  it("hundreds of workloads are counted, not printed", async () => {
    for (let index = 0; index < 300; index += 1) world.api.addWorkload("acme", { slug: `w${index}` });
    const token = world.api.mintControlToken("acme");
    const run = await world.run(["explain", "--verify", "--project", "acme"], { input: token.raw });
    expect(run.stdout).toContain("delete 302 workloads");
    expect(run.stdout).toContain("and 282 more");
  });
});
