// An organisation's policy, with the embedded database.
import { describePolicy } from "./support/policy-suite.ts";

describePolicy(() => Promise.resolve({}));
