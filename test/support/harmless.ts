// What verifying may ask an API: read from the log of the emulator, not from what the tool says of itself.
import { expect } from "vitest";
import type { InferenceKeyEmulator } from "../emulators/inferencekey/emulator.ts";

/** Nothing was written, run or billed; lists only of these projects; tokens nowhere but in their header. */
export function expectHarmless({ requests }: InferenceKeyEmulator, listed: readonly string[] = []): void {
  for (const { method, path, query, effect, misplacedTokens, route } of requests) {
    expect({ path, query, misplacedTokens }).toEqual({ path, query: "", misplacedTokens: [] });
    expect(["GET list-workloads", "POST jobs"]).toContain(`${method} ${route}`);
    if (effect === "none") continue;
    expect(effect).toBe("read");
    expect(listed.map((project) => `/api/projects/${project}/workloads`)).toContain(path);
  }
}
