/** A pull request: its title and its text. */
import { pullRequestTexts } from "./payloads.ts";
import { partsOf, type TextReader } from "./texts.ts";

export const textsOfPullRequest: TextReader = (payload) => {
  const { pull_request: pull } = pullRequestTexts.parse(payload);
  return {
    kind: "pull-request",
    id: pull.id,
    ref: `#${pull.number}`,
    url: pull.html_url,
    author: pull.user?.login ?? null,
    parts: partsOf({ title: pull.title, body: pull.body }),
  };
};
