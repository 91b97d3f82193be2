import {
  readObjects
} from "./chunk-K6UY2E7L.js";
import "./chunk-QBGYM6EC.js";
import "./chunk-65EHQVBC.js";
import "./chunk-KTHQ3RLY.js";
import {
  encodeByteText
} from "./chunk-QQ2TBE5L.js";
import "./chunk-U52VU3KD.js";
import "./chunk-SEWDMQ6Q.js";

// src/sources/contents.ts
import { readFileSync, statSync } from "node:fs";
var MAX_BYTES = 1024 * 1024;
function readFiles(paths, root, take) {
  for (const path of paths) {
    try {
      const name = encodeByteText(`${root}/${path}`);
      const facts = statSync(name);
      if (facts.isFile() && facts.size <= MAX_BYTES) take(path, readFileSync(name));
    } catch {
    }
  }
}
async function readBlobs(repository, objectIds, take) {
  if (objectIds.length === 0) return;
  await readObjects(
    repository,
    objectIds,
    {
      object: (objectId, type, bytes) => {
        if (type === "blob" && bytes.length <= MAX_BYTES) take(objectId, bytes);
      },
      largeObject: () => ({ write: () => {
      }, close: () => {
      } }),
      missing: () => {
      }
    },
    () => {
    }
  );
}
export {
  readBlobs,
  readFiles
};
