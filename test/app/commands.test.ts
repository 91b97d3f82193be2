// Commands in comments, and the buttons of the check run, with the embedded database.
import { describeCommands } from "./support/commands-suite.ts";

describeCommands(() => Promise.resolve({}));
