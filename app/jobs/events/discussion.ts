/** A discussion: its title and its text. */
import { discussionTexts } from "./payloads.ts";
import { partsOf, type TextReader } from "./texts.ts";

export const textsOfDiscussion: TextReader = (payload) => {
  const { discussion } = discussionTexts.parse(payload);
  return {
    kind: "discussion",
    id: discussion.id,
    ref: `discussion ${discussion.number}`,
    url: discussion.html_url,
    author: discussion.user?.login ?? null,
    parts: partsOf({ title: discussion.title, body: discussion.body }),
  };
};
