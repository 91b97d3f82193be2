/** A comment in a discussion. */
import { discussionCommentTexts } from "./payloads.ts";
import { partsOf, type TextReader } from "./texts.ts";

export const textsOfDiscussionComment: TextReader = (payload) => {
  const { discussion, comment } = discussionCommentTexts.parse(payload);
  return {
    kind: "discussion-comment",
    id: comment.id,
    ref: `discussion ${discussion.number}`,
    url: comment.html_url,
    author: comment.user?.login ?? null,
    parts: partsOf({ body: comment.body }),
  };
};
