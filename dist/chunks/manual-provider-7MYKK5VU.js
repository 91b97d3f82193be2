import {
  ManualProvider
} from "./chunk-KXPDQYYY.js";
import "./chunk-SEWDMQ6Q.js";
export {
  ManualProvider
};
