// The container file and the systemd unit, as far as they can be looked at without either.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { describe, expect, it } from "vitest";
import { SettingsError } from "../../app/settings-error.ts";
import { readSettings } from "../../app/settings.ts";

const root = join(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(join(root, file), "utf8");

interface Instruction {
  readonly name: string;
  readonly text: string;
}

/** Each stage as its instructions; lines that go on are one. */
function stagesOf(text: string): Instruction[][] {
  const lines = text
    .split("\n")
    .filter((line) => !line.trimStart().startsWith("#") && line.trim() !== "")
    .join("\n")
    .replaceAll(/\\\n/g, " ")
    .split("\n");
  const stages: Instruction[][] = [];
  for (const line of lines) {
    const [, name = "", rest = ""] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    if (name === "FROM") stages.push([]);
    stages.at(-1)?.push({ name, text: rest.trim() });
  }
  return stages;
}

describe("the container file", () => {
  const stages = stagesOf(read("app/deploy/Containerfile"));
  const all = stages.flat();
  const final = stages.at(-1) ?? [];
  const of = (name: string) => final.filter((one) => one.name === name).map(({ text }) => text);

  it("runs as nobody in particular, and not as root", () => {
    const [user = ""] = of("USER").slice(-1);
    expect(user).toMatch(/^[1-9]\d{3,}:[1-9]\d{3,}$/);
    const after = final.slice(final.findIndex(({ name }) => name === "USER") + 1).map(({ name }) => name);
    expect(after).not.toContain("RUN");
    expect(after).not.toContain("USER");
  });

  it("builds from a version, and takes what it builds with no further than the first stage", () => {
    for (const { text } of all.filter(({ name }) => name === "FROM")) expect(text).toMatch(/^node:\d+-\w+-slim\b/);
    expect(of("COPY").every((text) => text.startsWith("--from=build "))).toBe(true);
    expect(all.map(({ name }) => name)).not.toContain("ADD");
    const scripts = all.filter(({ name }) => name === "RUN").map(({ text }) => text);
    for (const script of scripts.filter((text) => text.includes("apt-get"))) {
      expect(script).toContain("--no-install-recommends");
      expect(script).toContain("rm -rf /var/lib/apt/lists/*");
    }
    for (const script of scripts.filter((text) => /npm (ci|install)/.test(text))) {
      expect(script).toContain("--ignore-scripts");
    }
  });

  it("holds no secret", () => {
    const set = all.filter(({ name }) => name === "ENV" || name === "ARG").map(({ text }) => text);
    expect(set.join(" ")).not.toMatch(/SECRET|KEY|TOKEN|PASSWORD|DATABASE_URL/);
  });

  it("copies what there is, and the build context has it", () => {
    const ignore = read("app/deploy/Containerfile.dockerignore").split("\n");
    const kept = ignore.filter((line) => line.startsWith("!")).map((line) => line.slice(1));
    expect(ignore.find((line) => line !== "" && !line.startsWith("#"))).toBe("*");
    const sources = all
      .filter(({ name, text }) => name === "COPY" && !text.startsWith("--from"))
      .flatMap(({ text }) => text.split(/\s+/).slice(0, -1));
    expect(sources).not.toHaveLength(0);
    for (const source of sources) {
      expect(existsSync(join(root, source)), source).toBe(true);
      expect(kept, source).toContain(source.split("/")[0]);
    }
  });

  it("is healthy while the front answers, and only then", async () => {
    const [check = ""] = of("HEALTHCHECK");
    const [program = "", ...args] = JSON.parse(/CMD (\[.*\])$/.exec(check)?.[1] ?? "[]") as string[];
    expect(program).toBe("node");
    let status = 200;
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? "");
      response.writeHead(status).end();
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const run = async (): Promise<number | null> => {
      const child = spawn(process.execPath, args, { env: { PORT: String(port) }, stdio: "ignore" });
      await once(child, "close");
      return child.exitCode;
    };
    expect(await run()).toBe(0);
    status = 503;
    expect(await run()).toBe(1);
    server.close();
    await once(server, "close");
    expect(await run()).toBe(1);
    expect(asked).toEqual(["/healthz", "/healthz"]);
  });

  it("starts what the build makes, with settings that the App takes", () => {
    expect(of("ENTRYPOINT")).toEqual(['["node", "/opt/keyrecall/app/dist/main.js"]']);
    expect(of("CMD")).toEqual(['["start"]']);
    const set = parseEnv(of("ENV").join(" ").replaceAll(/\s+/g, "\n"));
    expect(set).toMatchObject({ HOST: "0.0.0.0", DATA_DIRECTORY: "/var/lib/keyrecall" });
    expect(of("VOLUME").join(" ")).toContain(set["DATA_DIRECTORY"]);
    expect(of("EXPOSE")).toEqual([set["PORT"]]);
    // What is missing is a secret, and nothing that is set here.
    expect(() => readSettings(set)).toThrow(SettingsError);
    expect(() => readSettings(set)).toThrow("WEBHOOK_SECRET");
  });
});

describe("the systemd unit", () => {
  const unit = read("app/deploy/keyrecall-app.service");
  const value = (name: string) => new RegExp(`^${name}=(.*)$`, "m").exec(unit)?.[1];

  it("runs the App as a user of its own that can write its state only", () => {
    expect(value("DynamicUser")).toBe("yes");
    expect(value("StateDirectory")).toBe("keyrecall");
    expect(value("Environment")).toContain("DATA_DIRECTORY=/var/lib/keyrecall");
    expect(value("ExecStart")).toMatch(/^\/usr\/bin\/node \/opt\/keyrecall\/app\/dist\/main\.js start$/);
    for (const name of ["NoNewPrivileges", "PrivateTmp", "ProtectHome", "RestrictSUIDSGID"]) {
      expect(value(name), name).toBe("yes");
    }
    expect(value("ProtectSystem")).toBe("strict");
    expect(value("CapabilityBoundingSet")).toBe("");
  });

  it("reads its secrets from a file, and gives the App its time to stop", () => {
    expect(value("EnvironmentFile")).toBe("/etc/keyrecall/app.env");
    expect(unit).not.toMatch(/^Environment=.*(SECRET|KEY|DATABASE_URL)/m);
    expect(Number(value("TimeoutStopSec"))).toBeGreaterThan(18);
    expect(value("Restart")).toBe("always");
  });
});
