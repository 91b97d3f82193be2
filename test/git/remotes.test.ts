import { describe, expect, it } from "vitest";
import { isSameRepository } from "../../src/git/remotes.ts";

describe("URLs of one repository", () => {
  it.each([
    ["https://github.com/acme/shop", "https://github.com/acme/shop.git"],
    ["https://github.com/acme/shop.git", "git@github.com:acme/shop.git"],
    ["https://ada@GitHub.com/acme/shop/", "ssh://git@github.com:22/acme/shop.git"],
    ["/srv/git/shop.git", "file:///srv/git/shop.git/"],
    ["C:/git/shop.git", "C:/git/shop"],
  ])("%s and %s", (a, b) => {
    expect(isSameRepository(a, b)).toBe(true);
  });

  it.each([
    ["https://github.com/acme/shop", "https://github.com/acme/shop-public"],
    ["https://git.acme.example/acme/shop", "https://github.com/acme/shop"],
    ["git@github.com:acme/shop.git", "git@github.com:other/shop.git"],
    ["/srv/git/shop.git", "/srv/public/shop.git"],
    ["/srv/git/shop.git", "../git/other.git"],
  ])("not %s and %s", (a, b) => {
    expect(isSameRepository(a, b)).toBe(false);
  });
});
