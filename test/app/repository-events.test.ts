// What becomes of a repository, with the embedded database.
import { describeRepositoryEvents } from "./support/repository-events-suite.ts";

describeRepositoryEvents(() => Promise.resolve({}));
