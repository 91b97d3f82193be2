#!/usr/bin/env node
import {
  VERSION
} from "./chunks/chunk-352LF2GJ.js";
import "./chunks/chunk-SEWDMQ6Q.js";

// src/cli/main.ts
var args = process.argv.slice(2);
if (args.length === 1 && (args[0] === "--version" || args[0] === "-V")) {
  process.stdout.write(`${VERSION}
`);
} else {
  const { run } = await import("./chunks/run-ORRQLC24.js");
  process.exit(await run(args));
}
