/** A comment on a commit. */
import { commitCommentTexts } from "./payloads.ts";
import { partsOf, type TextReader } from "./texts.ts";

export const textsOfCommitComment: TextReader = (payload) => {
  const { comment } = commitCommentTexts.parse(payload);
  return {
    kind: "commit-comment",
    id: comment.id,
    ref: `commit ${comment.commit_id.slice(0, 12)}`,
    url: comment.html_url,
    author: comment.user?.login ?? null,
    parts: partsOf({ body: comment.body }),
  };
};
