#!/usr/bin/env node
import {
  VERSION
} from "./chunks/chunk-6Q7DFGK3.js";
import "./chunks/chunk-SEWDMQ6Q.js";

// src/cli/main.ts
var args = process.argv.slice(2);
if (args.length === 1 && (args[0] === "--version" || args[0] === "-V")) {
  process.stdout.write(`${VERSION}
`);
} else {
  const { run } = await import("./chunks/run-OV6XKZIE.js");
  process.exit(await run(args));
}
