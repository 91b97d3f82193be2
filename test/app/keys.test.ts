// The seal key: changed, or lost. What is sealed under it is opened, had again, or said to people.
import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { MadeToken } from "../support/token.ts";
import { AppWorld, type Tenant, until } from "./support/app-world.ts";
import { rotationIssue } from "./support/outcomes.ts";
import { UserGit } from "./support/user-git.ts";

let world: AppWorld;
let tenant: Tenant;
/** A live one in a file, a live one in the name of a branch, and one in a push that is stored and not worked up. */
let inFile: MadeToken, inName: MadeToken, waiting: MadeToken;

beforeEach(async () => {
  world = await AppWorld.make();
  tenant = await world.addTenant();
  [inFile, inName, waiting] = [1, 2, 3].map(() => world.api.mintControlToken("acme")) as [
    MadeToken,
    MadeToken,
    MadeToken,
  ];
  const app = await world.start({ REVOCATION_URL: "" });
  await world.github.commit(tenant.repository, { files: { ".env": inFile.raw } });
  const git = new UserGit(world, tenant.repository);
  git.commit({ "README.md": "x" }, "Begin");
  await git.push(`HEAD:refs/heads/try/${inName.raw}`);
  for (const token of [inFile, inName]) {
    await rotationIssue(world, tenant.repository, token, "**Live: revoke it now.**");
  }
  const other = await world.addTenant();
  const heal = world.github.inject(
    { kind: "hang" },
    { route: "POST /app/installations/{installation_id}/access_tokens" },
  );
  await world.github.commit(other.repository, { files: { ".env": waiting.raw } });
  await world.github.settled();
  await app.stop("SIGKILL");
  heal();
  tenant = { ...tenant, organization: other.organization };
});

afterEach(() => world.close());

const newKey = (): string => randomBytes(32).toString("base64");
const contained = (token: MadeToken, repository: string) => rotationIssue(world, repository, token, "**Contained.**");

describe("the seal key", () => {
  it("that is changed opens what the old one has sealed", async () => {
    const previous = world.environment["KEYRECALL_SEAL_KEY"]!;
    await world.start({ KEYRECALL_SEAL_KEY: newKey(), KEYRECALL_SEAL_KEY_PREVIOUS: previous });
    for (const token of [inFile, inName]) await contained(token, tenant.repository);
    await contained(waiting, `${tenant.organization}/shop`);
  });

  it("that is lost: tokens are read from git again, deliveries sent again, and of what is left people are told", async () => {
    const app = await world.start({ KEYRECALL_SEAL_KEY: newKey() });
    await contained(inFile, tenant.repository);
    await contained(waiting, `${tenant.organization}/shop`);
    const issue = await rotationIssue(world, tenant.repository, inName, "**It is not known whether it works.**");
    expect(issue).toMatchObject({ state: "open" });
    expect(issue.body).toContain("none of its places can be read any more");
    expect(issue.body).toContain("revoke it in the dashboard");
    expect(world.api.statusOf(inName)).toBe("live");
    expect(app.output()).toContain("a sealed token cannot be opened");
    await until(async () => {
      const metrics = await (await fetch(`${app.address}/metrics`)).text();
      return metrics.includes('keyrecall_deliveries_left{state="failed"} 0');
    });
    // It turns up once more, and can be read.
    await world.github.pushRef(tenant.repository, `refs/heads/again/${inName.raw}`, headOf(inName));
    await contained(inName, tenant.repository);
  });
});

/** The commit that the branch is at. */
function headOf(token: MadeToken): string {
  const push = world.github.deliveries().find(({ event, body }) => event === "push" && body.includes(token.raw))!;
  return (JSON.parse(push.body) as { after: string }).after;
}
