import {
  entryNamesOf
} from "./chunk-YV5PFDMU.js";

// src/report/entry.ts
function entryOf({ container }) {
  return entryNamesOf(container).map((name) => `!${name}`).join("");
}

export {
  entryOf
};
