import {
  WITHOUT_CALLERS_REPOSITORY,
  openRepository
} from "./chunk-QS3ZY3AO.js";
import "./chunk-QBGYM6EC.js";
import "./chunk-65EHQVBC.js";
import "./chunk-U52VU3KD.js";
import "./chunk-SEWDMQ6Q.js";
export {
  WITHOUT_CALLERS_REPOSITORY,
  openRepository
};
