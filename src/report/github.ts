/** The report as commands of a GitHub workflow, whose runner makes annotations of them. */
import type { Report } from "../scan/report.ts";
import { type Annotation, annotationsOf } from "./annotations.ts";
import { escapeForWorkflow } from "./escape.ts";
import type { Disclosure } from "./places.ts";
import { plural } from "./words.ts";

/** @param summary what is said in plain words first */
export function formatGithub(report: Report, disclosure: Disclosure, summary: string): string {
  const { shown, hidden } = annotationsOf(report, disclosure, []);
  // A line of the log must not begin with a stranger's words.
  const lines = [`keyrecall: ${escapeForWorkflow(summary)}`, ...shown.map(commandOf)];
  if (hidden > 0) lines.push(commandOf(noteOf(hidden)));
  return `${lines.join("\n")}\n`;
}

function noteOf(hidden: number): Annotation {
  const message = `${plural(hidden, "more place")}: GitHub shows ten annotations of a kind. See the whole report.`;
  return { level: "notice", title: "Keyrecall", message, file: null, line: null };
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
