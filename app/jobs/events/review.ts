/** What a review of a pull request says as a whole. */
import { reviewTexts } from "./payloads.ts";
import { partsOf, type TextReader } from "./texts.ts";

export const textsOfReview: TextReader = (payload) => {
  const { pull_request: pull, review } = reviewTexts.parse(payload);
  return {
    kind: "review",
    id: review.id,
    ref: `#${pull.number}`,
    url: review.html_url,
    author: review.user?.login ?? null,
    parts: partsOf({ body: review.body }),
  };
};
