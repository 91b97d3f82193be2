/** A comment on a line of a pull request, and the lines that it quotes. */
import { reviewCommentTexts } from "./payloads.ts";
import { partsOf, type TextReader } from "./texts.ts";

export const textsOfReviewComment: TextReader = (payload) => {
  const { pull_request: pull, comment } = reviewCommentTexts.parse(payload);
  return {
    kind: "review-comment",
    id: comment.id,
    ref: `#${pull.number}`,
    url: comment.html_url,
    author: comment.user?.login ?? null,
    parts: partsOf({ body: comment.body, diff_hunk: comment.diff_hunk }),
  };
};
