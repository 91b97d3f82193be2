// The text of dist/THIRD-PARTY-LICENSES.txt: the licence of every package of which code went into the bundle.

import { readdir } from "node:fs/promises";
import { join } from "node:path";

interface LicensesContext {
  readonly root: string;
  /** Paths of bundled source files, relative to the root. */
  readonly inputs: readonly string[];
  readonly legalComments: readonly string[];
  readonly readText: (path: string) => Promise<string>;
}

const packageFolder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/;
const licenseFile = /^(licen[cs]e|notice|copying)([.-].*)?$/i;
const rule = "-".repeat(80);

/** @throws {Error} when a bundled package has no licence text, because it then must not be shipped. */
export async function thirdPartyLicenses(context: LicensesContext): Promise<string> {
  const folders = new Set(context.inputs.flatMap((input) => packageFolder.exec(input)?.[0] ?? []));
  const sections = await Promise.all([...folders].map((folder) => packageSection(context, folder)));
  const comments = new Set(context.legalComments.flatMap(commentsOf));
  return [
    "Keyrecall's bundle contains code of the packages below, under their own licences.\n",
    ...sections.toSorted(),
    ...(comments.size === 0
      ? []
      : [`${rule}\nNotices found in their sources\n\n${[...comments].toSorted().join("\n\n")}\n`]),
  ].join("\n");
}

async function packageSection({ root, readText }: LicensesContext, folder: string): Promise<string> {
  const absolute = join(root, folder);
  const { name, version, license } = JSON.parse(await readText(join(absolute, "package.json"))) as {
    name: string;
    version: string;
    license?: string;
  };
  const files = (await readdir(absolute)).filter((file) => licenseFile.test(file)).toSorted();
  if (files.length === 0) throw new Error(`Cannot ship ${name} ${version}: its package holds no licence text`);
  const texts = await Promise.all(files.map((file) => readText(join(absolute, file))));
  return `${rule}\n${name} ${version} (${license ?? "see below"})\n\n${texts.map(normalise).join("\n\n")}\n`;
}

function commentsOf(legalText: string): string[] {
  return legalText.match(/\/\*[\s\S]*?\*\/|^\/\/.*$/gm)?.map(normalise) ?? [];
}

function normalise(text: string): string {
  return text.replaceAll("\r\n", "\n").trim();
}
