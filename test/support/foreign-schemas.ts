// Reports held against the schemas of those who read them.
import { readFileSync } from "node:fs";
import type { ValidateFunction } from "ajv";
import AjvDraft04 from "ajv-draft-04";
import { validateXML } from "xmllint-wasm";

const schemaFile = (name: string): string => readFileSync(new URL(`schemas/${name}`, import.meta.url), "utf8");

export interface SarifResult {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly [
    {
      readonly physicalLocation: {
        readonly artifactLocation: { readonly uri: string; readonly uriBaseId: string };
        readonly region: { startLine: number; startColumn: number; endLine: number; endColumn: number };
      };
    },
  ];
  readonly partialFingerprints: { readonly primaryLocationLineHash: string };
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface SarifRun {
  readonly tool: {
    readonly driver: {
      readonly semanticVersion: string;
      readonly rules: readonly {
        readonly id: string;
        readonly name: string;
        readonly shortDescription: { readonly text: string };
        readonly fullDescription: { readonly text: string };
        readonly help: { readonly text: string; readonly markdown: string };
        readonly properties: {
          readonly tags: readonly string[];
          readonly precision: string;
          readonly "security-severity": string;
        };
      }[];
    };
  };
  readonly automationDetails: { readonly id: string };
  readonly invocations: readonly [
    {
      readonly executionSuccessful: boolean;
      readonly toolExecutionNotifications: readonly { readonly message: { readonly text: string } }[];
    },
  ];
  readonly versionControlProvenance?: readonly Readonly<Record<string, unknown>>[];
  readonly columnKind: string;
  readonly results: readonly SarifResult[];
}

let validate: ValidateFunction | undefined;

/** The one run of a SARIF file that follows the published schema. */
export function validSarif(text: string): SarifRun {
  validate ??= new AjvDraft04.default({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(
    JSON.parse(schemaFile("sarif-2.1.0-rtm.5.json")) as object,
  );
  const sarif = JSON.parse(text) as { runs: [SarifRun] };
  if (!validate(sarif)) throw new Error(`no SARIF 2.1.0: ${JSON.stringify(validate.errors?.slice(0, 5), null, 2)}`);
  return sarif.runs[0];
}

/** Throws unless the text is well-formed XML that Jenkins reads as JUnit. */
export async function expectValidJunit(text: string): Promise<void> {
  const { valid, errors } = await validateXML({
    xml: [{ fileName: "report.xml", contents: text }],
    schema: [schemaFile("junit-10.xsd")],
  });
  if (!valid) throw new Error(`no JUnit: ${errors.map(({ message }) => message).join("; ")}\n${text.slice(0, 2000)}`);
}
