/** A release: its names and its text. What is attached to it is no part of the event. */
import { releaseTexts } from "./payloads.ts";
import { partsOf, type TextReader } from "./texts.ts";

export const textsOfRelease: TextReader = (payload) => {
  const { id, html_url: url, author, tag_name, name, body, assets } = releaseTexts.parse(payload).release;
  const names = assets.flatMap((asset) => [asset.name ?? "", asset.label ?? ""]).filter((one) => one !== "");
  return {
    kind: "release",
    id,
    ref: `release ${tag_name}`,
    url,
    author: author?.login ?? null,
    parts: partsOf({ name, body, tag_name, assets: names.join("\n") }),
  };
};
