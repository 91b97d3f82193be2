import { expect, it } from "vitest";
import { ExitCode, strongestExitCode } from "../../src/core/exit-code.ts";

it("strongestExitCode() follows the documented order", () => {
  const order = [130, 70, 2, 5, 1, 4, 3, 0] as const;
  for (const [index, code] of order.entries()) {
    expect(strongestExitCode(order.slice(index).toReversed())).toBe(code);
  }
  expect(strongestExitCode([])).toBe(ExitCode.clean);
});
