#!/usr/bin/env node
import {
  VERSION
} from "./chunks/chunk-6Q7DFGK3.js";
import "./chunks/chunk-SEWDMQ6Q.js";

// src/cli/main.ts
var OLDEST_NODE = [20, 19];
var args = process.argv.slice(2);
if (isTooOld()) {
  process.stderr.write(
    `keyrecall: Node ${OLDEST_NODE.join(".")} or newer is needed, and this is ${process.versions.node}: nothing was checked.
  Hooks take another one from KEYRECALL_NODE=/path/to/node; git's --no-verify passes one once, unchecked.
`
  );
  process.exit(2);
} else if (args.length === 1 && (args[0] === "--version" || args[0] === "-V")) {
  process.stdout.write(`${VERSION}
`);
} else {
  const { run } = await import("./chunks/run-7VDV252U.js");
  const exitCode = await run(args);
  process.exit(isAskedByFront() ? answerToFront(exitCode) : exitCode);
}
function isTooOld() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  return major < OLDEST_NODE[0] || major === OLDEST_NODE[0] && minor < OLDEST_NODE[1];
}
function isAskedByFront() {
  return args[0] === "hook" && args[1] === "run" && process.env["KEYRECALL_FRONT"] === "1";
}
function answerToFront(exitCode) {
  return exitCode <= 1 ? 100 + exitCode : exitCode;
}
