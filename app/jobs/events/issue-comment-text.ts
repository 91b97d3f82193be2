/** A comment on an issue, or in the conversation of a pull request. */
import { issueCommentTexts } from "./payloads.ts";
import { partsOf, type TextReader } from "./texts.ts";

export const textsOfIssueComment: TextReader = (payload) => {
  const { issue, comment } = issueCommentTexts.parse(payload);
  return {
    kind: "issue-comment",
    id: comment.id,
    ref: `#${issue.number}`,
    url: comment.html_url,
    author: comment.user?.login ?? null,
    parts: partsOf({ body: comment.body }),
  };
};
