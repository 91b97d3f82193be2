/** An issue: its title and its text. */
import { issueTexts } from "./payloads.ts";
import { partsOf, type TextReader } from "./texts.ts";

export const textsOfIssue: TextReader = (payload) => {
  const { issue } = issueTexts.parse(payload);
  return {
    kind: "issue",
    id: issue.id,
    ref: `#${issue.number}`,
    url: issue.html_url,
    author: issue.user?.login ?? null,
    parts: partsOf({ title: issue.title, body: issue.body }),
  };
};
