/** The report as commands of a GitHub workflow, whose runner makes annotations of them. */
import type { Report } from "../scan/report.ts";
import { type Annotation, annotationsOf } from "./annotations.ts";
import { escapeForWorkflow } from "./escape.ts";
import type { Disclosure } from "./places.ts";

/** @param summary what is said in plain words first */
export function formatGithub(report: Report, disclosure: Disclosure, summary: string): string {
  const { hidden } = annotationsOf(report, disclosure, []);
  const notes =
    hidden === 0
      ? []
      : [
          `${hidden} more place${hidden === 1 ? "" : "s"}: GitHub shows ten annotations of a kind. See the whole report.`,
        ];
  const { shown } = annotationsOf(report, disclosure, notes);
  // A line of the log must not begin with a stranger's words.
  return [`keyrecall: ${escapeForWorkflow(summary)}`, ...shown.map(commandOf), ""].join("\n");
}

function commandOf({ level, title, message, file, line }: Annotation): string {
  const properties = [
    ...(file === null ? [] : [`file=${escapeProperty(file)}`]),
    ...(line === null ? [] : [`line=${line}`]),
    `title=${escapeProperty(title)}`,
  ];
  return `::${level} ${properties.join(",")}::${escapeData(message)}`;
}

/** As the runner undoes it. Source: actions/toolkit, command.ts. */
function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
