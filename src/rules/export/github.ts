/** GitHub's custom patterns for secret scanning: the body of `POST …/secret-scanning/custom-patterns`. */
import { notesOf } from "./notes.ts";
import { endOf, harmlessTokens, type Shape } from "./shape.ts";

export function exportGithub(shapes: readonly Shape[]): string {
  return `${JSON.stringify({ patterns: shapes.map(pattern) }, null, 2)}\n`;
}

function pattern(shape: Shape) {
  const end = endOf(shape);
  const harmless = harmlessTokens(shape);
  return {
    name: `${shape.rule.name} (${shape.rule.id})`,
    pattern: shape.token,
    // GitHub's default wants no letter and no digit before a secret, as there is one in `\nik_…` within a JSON string.
    start_delimiter: String.raw`\A|[\s\S]`,
    end_delimiter: end === null ? String.raw`\z|[\s\S]` : `\\z|${end}`,
    ...(harmless.length === 0 ? {} : { must_not_match: harmless }),
  };
}

export function githubNotes(): string[] {
  return notesOf({
    tool: "GitHub",
    encodings: "found as it is written",
    rightContext: "left out, also where it is a filler",
    madeUp: "",
    more: [
      String.raw`start_delimiter lets every character stand before a secret; \A|[^0-9A-Za-z_] would miss one behind a \n within JSON`,
      "GitHub scans with Hyperscan, which looks neither ahead nor behind: of two tokens without anything between only the first may be found",
      "creating a pattern does not publish it: dry run and publishing are done in the browser, push protection by " +
        "PATCH /orgs/{org}/secret-scanning/pattern-configurations",
      "send it: gh api --method POST /repos/OWNER/REPO/secret-scanning/custom-patterns --input FILE (or /orgs/ORG/…); " +
        "a change of a pattern needs PATCH with its custom_pattern_version",
    ],
  });
}
