import {
  runGit
} from "./chunk-65EHQVBC.js";

// src/git/remotes.ts
async function urlsOfRemote(git, remote) {
  const { status, output } = await runGit(git, ["remote", "get-url", "--all", "--", remote]);
  if (status !== 0) return [];
  return output.toString("utf8").split("\n").filter((line) => line !== "");
}
async function originOf(git) {
  const [url] = await urlsOfRemote(git, "origin");
  const shown = url === void 0 ? null : publicUrl(url);
  if (shown === null) return null;
  const lineOf = async (args) => {
    const { status, output } = await runGit(git, args);
    return status === 0 && output.toString("utf8").trim() || null;
  };
  const [revision, branch] = await Promise.all([
    lineOf(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"]),
    lineOf(["symbolic-ref", "--short", "--quiet", "HEAD"])
  ]);
  return { url: shown, revision, branch };
}
function publicUrl(text) {
  const short = /^(?:[^/@]+@)?([\w.-]{2,}):(?!\/\/)\/?(.+)$/.exec(text);
  let url;
  try {
    url = new URL(short === null ? text : `ssh://${short[1]}/${short[2]}`);
  } catch {
    return null;
  }
  if (!["https:", "http:", "ssh:", "git:"].includes(url.protocol)) return null;
  url.username = "";
  url.password = "";
  url.search = "";
  url.hash = "";
  return url.href;
}
function isSameRepository(a, b) {
  return a === b || placeOf(a) === placeOf(b);
}
function placeOf(url) {
  const [, rest = url] = /^[a-z][a-z0-9+.-]*:\/\/(.*)$/i.exec(url) ?? [];
  const isShort = rest === url && /^[^/\\]{2,}:/.test(url);
  const place = isShort ? url.replace(":", "/") : rest;
  const [host = "", ...path] = place.split("/");
  const name = host.replace(/^.*@/, "").replace(/:\d+$/, "").toLowerCase();
  return [name, ...path.filter((part) => part !== "")].join("/").replace(/\.git$/, "");
}

export {
  urlsOfRemote,
  originOf,
  isSameRepository
};
