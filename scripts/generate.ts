/** Writes what is generated from rules and schemas; `npm run check:fresh` fails where it differs. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import createWabt from "wabt";
import * as z from "zod";
import { policySchema } from "../app/policy-schema.ts";
import { baselineSchema, configurationSchema } from "../src/config/schema.ts";
import { userConfigurationSchema } from "../src/config/user-schema.ts";
import { anchorScript } from "../src/hooks/anchors.ts";
import {
  doctorSchema,
  explanationSchema,
  reportSchema,
  revocationSchema,
  verificationSchema,
} from "../src/report/schema.ts";
import { readYaml } from "../src/rules/read-yaml.ts";
import { ruleFileSchema } from "../src/rules/schema.ts";

const root = new URL("../", import.meta.url);

function write(file: string, text: string): void {
  writeFileSync(new URL(file, root), text);
}

function writeSchema(file: string, title: string, schema: z.ZodType): void {
  const generated = z.toJSONSchema(schema, { target: "draft-2020-12", io: "input" });
  write(file, `${JSON.stringify({ title, ...generated }, null, 2)}\n`);
}

mkdirSync(new URL("docs/schema/", root), { recursive: true });
writeSchema("rules/rules.schema.json", "A file of Keyrecall rules", ruleFileSchema);
writeSchema("docs/schema/configuration.schema.json", "The configuration file .keyrecall.yml", configurationSchema);
writeSchema("docs/schema/user-configuration.schema.json", "The user's own configuration", userConfigurationSchema);
writeSchema("docs/schema/baseline.schema.json", "A Keyrecall baseline", baselineSchema);
writeSchema("docs/schema/report.schema.json", "The Keyrecall report", reportSchema);
writeSchema("docs/schema/verification.schema.json", "What keyrecall verify prints", verificationSchema);
writeSchema("docs/schema/explanation.schema.json", "What keyrecall explain prints", explanationSchema);
writeSchema("docs/schema/revocation.schema.json", "What keyrecall revoke prints", revocationSchema);
writeSchema("docs/schema/policy.schema.json", "An organisation's policy for the App, keyrecall.yml", policySchema);
writeSchema("docs/schema/doctor.schema.json", "What keyrecall doctor prints", doctorSchema);

const source = "rules/inferencekey.yaml";
const { rules } = readYaml(source, readFileSync(new URL(source, root), "utf8"), ruleFileSchema);
write(
  "src/rules/builtin.generated.ts",
  [
    `// Generated from ${source} by scripts/generate.ts. Do not edit.`,
    `import type { Rule } from "./schema.ts";`,
    "",
    `export const builtinRules: readonly Rule[] = ${JSON.stringify(rules, null, 2)};`,
    "",
  ].join("\n"),
);

const wabt = await createWabt();

function writeModule(wat: string, file: string, name: string): void {
  const module = wabt.parseWat(wat, readFileSync(new URL(wat, root), "utf8"), { simd: true, bulk_memory: true });
  write(
    file,
    [
      `// Generated from ${wat} by scripts/generate.ts. Do not edit.`,
      "/** A module of WebAssembly, in base64. */",
      `export const ${name} =\n  "${Buffer.from(module.toBinary({}).buffer).toString("base64")}";`,
      "",
    ].join("\n"),
  );
}

writeModule("src/detect/anchors/anchor-scan.wat", "src/detect/anchors/anchor-scan.generated.ts", "ANCHOR_SCAN_MODULE");
writeModule("src/git/storage/inflate.wat", "src/git/storage/inflate.generated.ts", "INFLATE_MODULE");

write("hooks/anchors.sh", anchorScript(source, rules));

const { version } = JSON.parse(readFileSync(new URL("package.json", root), "utf8")) as { version: string };
write(
  "src/core/version.generated.ts",
  `// Generated from package.json by scripts/generate.ts. Do not edit.\nexport const VERSION = ${JSON.stringify(version)};\n`,
);
