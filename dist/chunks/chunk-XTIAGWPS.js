import {
  builtinRules
} from "./chunk-A5SOBSKO.js";
import {
  KeyrecallError,
  messageOf,
  systemCodeOf
} from "./chunk-U52VU3KD.js";

// src/config/load.ts
import { closeSync, existsSync, openSync, readSync, statSync } from "node:fs";
import { userInfo } from "node:os";
import path from "node:path";
var CONFIGURATION_FILE = ".keyrecall.yml";
async function loadConfiguration(named, root) {
  const file = named ?? (root === null ? null : path.join(root, CONFIGURATION_FILE));
  if (file === null || named === null && !existsSync(file)) return null;
  return parseConfiguration(file, readText(file, named === null ? null : "--config"));
}
async function parseConfiguration(file, text) {
  const [{ readYaml }, { configurationSchema }] = await Promise.all([
    import("./read-yaml-2DOZTAW3.js"),
    import("./schema-EK6MTF6Z.js")
  ]);
  return { file, configuration: readYaml(file, text, configurationSchema) };
}
async function loadBaseline(file) {
  const text = readText(file, "--baseline");
  const [{ readYaml }, { baselineSchema }] = await Promise.all([
    import("./read-yaml-2DOZTAW3.js"),
    import("./schema-EK6MTF6Z.js")
  ]);
  return readYaml(file, text, baselineSchema);
}
var IGNORE_FILES = [".gitleaksignore", ".betterleaksignore"];
function requireSignatures(signatures) {
  const wrong = signatures.find((text) => !/^[\x21-\x7e]{6,80}$/.test(text));
  if (wrong === void 0) return;
  throw new KeyrecallError("usage", `--allow-signature ${wrong}: not 6 to 80 printable characters without a space`, {
    hint: "name the mark that stands on the lines, such as gitleaks:allow"
  });
}
async function loadIgnored(files, root, rules) {
  const atRoot = root === null ? [] : IGNORE_FILES.map((name) => path.join(root, name)).filter((file) => existsSync(file));
  if (files.length === 0 && atRoot.length === 0) return null;
  const { GitleaksIgnore } = await import("./gitleaks-ignore-6QJLVR32.js");
  const ignored = new GitleaksIgnore(rules);
  for (const file of files) ignored.add(file, readText(file, "--gitleaks-ignore"));
  for (const file of atRoot) ignored.add(path.basename(file), readText(file, null));
  return ignored;
}
async function loadUserConfiguration(named) {
  const file = named ?? userConfigurationFile();
  if (file === null || named === null && !existsSync(file)) return null;
  const text = readText(file, named === null ? null : "--user-config");
  const [{ readYaml }, { userConfigurationSchema }] = await Promise.all([
    import("./read-yaml-2DOZTAW3.js"),
    import("./user-schema-FCDW5UON.js")
  ]);
  return { file, configuration: readYaml(file, text, userConfigurationSchema) };
}
function readSecretFile(file) {
  const secret = readText(file, "the secret file").replace(/\r?\n$/, "");
  if (secret.length < MIN_SECRET_LENGTH) {
    throw new KeyrecallError("configuration", `the secret in ${file} has fewer than ${MIN_SECRET_LENGTH} characters`, {
      hint: "make one: openssl rand -hex 32"
    });
  }
  return secret;
}
var MIN_SECRET_LENGTH = 16;
function userConfigurationFile() {
  const home = homeDirectory();
  return home === null ? null : path.join(home, ".config", "keyrecall", "config.yml");
}
function homeDirectory() {
  try {
    return userInfo().homedir;
  } catch {
    return null;
  }
}
async function loadRules(files) {
  const rules = [...builtinRules];
  if (files.length === 0) return rules;
  const { parseRules } = await import("./load-rules-ZVOIMGI7.js");
  for (const file of files) rules.push(...parseRules(file, readText(file, "--rules"), rules));
  return rules;
}
var MAX_FILE_BYTES = 4 * 1024 * 1024;
function readText(file, flag) {
  try {
    if (flag === null && !statSync(file).isFile()) throw new Error("it is not a regular file");
    const descriptor = openSync(file, "r");
    try {
      return readUpTo(descriptor, MAX_FILE_BYTES);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    const why = systemCodeOf(error) === "ENOENT" ? "no such file" : messageOf(error);
    throw new KeyrecallError("configuration", `cannot read ${flag === null ? "" : `${flag} `}${file}: ${why}`, {
      hint: "check the path",
      cause: error
    });
  }
}
function readUpTo(descriptor, limit) {
  const buffer = Buffer.alloc(65536);
  const pieces = [];
  let length = 0;
  for (let count = readSync(descriptor, buffer); count > 0; count = readSync(descriptor, buffer)) {
    length += count;
    if (length > limit) throw new Error(`it is larger than ${limit} bytes`);
    pieces.push(Buffer.from(buffer.subarray(0, count)));
  }
  return Buffer.concat(pieces).toString("utf8");
}

export {
  CONFIGURATION_FILE,
  loadConfiguration,
  parseConfiguration,
  loadBaseline,
  requireSignatures,
  loadIgnored,
  loadUserConfiguration,
  readSecretFile,
  homeDirectory,
  loadRules
};
