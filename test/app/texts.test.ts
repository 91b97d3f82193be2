// What people write on GitHub beside code, with the embedded database.
import { describeTexts } from "./support/texts-suite.ts";

describeTexts(() => Promise.resolve({}));
