// What the summary of a history says, and where: counts, limits, strangers' text, public places.
import { describe, expect, it } from "vitest";
import type { HistoryToken } from "../../../app/incident.ts";
import { historySummary, type HistorySummaryFacts, summaryMarker } from "../../../app/issues/history-summary.ts";
import { assertNoSecret } from "../../support/secret-guard.ts";
import { makeToken } from "../../support/token.ts";
import { PRIVATE_REPOSITORY, PUBLIC_REPOSITORY } from "../support/incident.ts";

function historyToken(changes: Partial<HistoryToken> = {}): HistoryToken {
  const { fingerprint, masked, plane } = makeToken();
  return {
    fingerprint,
    masked,
    plane,
    state: "contained",
    verdict: { state: "revoked", reason: "the API refuses it" },
    places: [
      {
        repositoryId: PRIVATE_REPOSITORY.id,
        count: 1,
        path: "deploy/.env",
        commit: "ab".repeat(20),
        committedAt: "2019-05-06T00:00:00Z",
      },
    ],
    ...changes,
  };
}

const inPublic = { repositoryId: PUBLIC_REPOSITORY.id, count: 3, path: "a.txt", commit: null, committedAt: null };

function summaryOf(tokens: readonly HistoryToken[], changes: Partial<HistorySummaryFacts> = {}) {
  const text = historySummary({
    accountId: 7,
    tokens,
    repositories: new Map([PRIVATE_REPOSITORY, PUBLIC_REPOSITORY].map((one) => [one.id, one])),
    unread: [],
    isFinished: true,
    place: { isPrivate: true },
    webUrl: "https://github.com",
    ...changes,
  });
  assertNoSecret(Buffer.from(JSON.stringify(text)), "the summary");
  return text;
}

describe("the summary of a history", () => {
  it("has one line for each dead token, with place and day, below its marker", () => {
    const token = historyToken();
    const { title, body } = summaryOf([token]);
    expect(title).toBe("1 leaked token of the past, out of service");
    expect(body.split("\n")[0]).toBe(summaryMarker(7));
    expect(body).toContain(
      `| \`${token.masked}\` | control | [\`acme/billing\`](https://github.com/acme/billing/commit/${"ab".repeat(20)}) \`deploy/.env\` | 2019-05-06 |`,
    );
  });

  it("stays below the limit of GitHub, and says how many more there are", () => {
    const path = "long/".repeat(200);
    const tokens = Array.from({ length: 3000 }, () => historyToken({ places: [{ ...inPublic, path, count: 2 }] }));
    const pending = Array.from({ length: 1000 }, () =>
      historyToken({ state: "unverifiable", verdict: { state: "unknown", reason: "x ".repeat(1000) } }),
    );
    const unread = Array.from({ length: 1000 }, () => ({ fullName: path, why: "y ".repeat(1000) }));
    const { title, body } = summaryOf([...tokens, ...pending], { unread, isFinished: false });
    expect(title).toBe("3000 leaked tokens of the past, out of service");
    expect(Buffer.byteLength(body)).toBeLessThan(65_535);
    expect(body).toMatch(/… and 2\d{3} more/);
    expect(body).toContain("Not all histories have been read yet");
  });

  it("tells what is not known, and what was not read, apart from what is dead", () => {
    const pending = historyToken({ state: "unverifiable", verdict: { state: "unknown", reason: "the API is silent" } });
    const { title, body } = summaryOf([historyToken(), pending], {
      unread: [{ fullName: "acme/huge", why: "it takes 5 MiB" }],
    });
    expect(title).toMatch(/^1 leaked token /);
    const [, after = ""] = body.split("## Tokens that could not be asked about");
    expect(after).toContain(pending.masked);
    expect(after).toContain("Treat them as live");
    expect(body).toContain("`acme/huge`: it takes 5 MiB");
  });

  it("names in a public place nothing that is not dead, and no private repository", () => {
    const shown = historyToken({ places: [inPublic] });
    const both = historyToken({ places: [...historyToken().places, inPublic] });
    const hidden = historyToken();
    const pending = historyToken({
      state: "unverifiable",
      verdict: { state: "unknown", reason: "silent" },
      places: [inPublic],
    });
    const live = historyToken({ verdict: { state: "live", reason: "works" }, places: [inPublic] });
    const { title, body } = summaryOf([shown, both, hidden, pending, live], {
      place: { isPrivate: false },
      unread: [{ fullName: "acme/billing", why: "it is too large" }],
      isFinished: false,
    });
    expect(title).toMatch(/^2 leaked tokens /);
    for (const { masked } of [shown, both]) expect(body).toContain(masked);
    for (const { masked } of [hidden, pending, live]) expect(body).not.toContain(masked);
    for (const word of ["billing", "too large", "could not be asked", "Not all"]) expect(body).not.toContain(word);
  });

  it("lets no name and no reason of a stranger become Markdown", () => {
    const { body } = summaryOf([historyToken({ places: [{ ...inPublic, path: "`a`|<img src=x>@ada\n- [x] b" }] })], {
      unread: [{ fullName: "acme/x", why: "@ada see https://evil.example <b>" }],
    });
    expect(body).not.toMatch(/^- \[x\]/m);
    expect(body).not.toContain("| <img");
    expect(body).toContain("`@ada`");
  });
});
