import type { Route } from "../route.ts";
import { appRoutes } from "./app.ts";
import { checkRoutes } from "./checks.ts";
import { gitDataRoutes } from "./git-data.ts";
import { issueRoutes } from "./issues.ts";
import { pullRoutes } from "./pulls.ts";
import { searchRoutes } from "./search.ts";
import { securityRoutes } from "./security.ts";
import { teamRoutes } from "./teams.ts";

/** The check routes come before `commits/{ref}`, whose name may hold slashes. */
export const allRoutes: readonly Route[] = [
  ...appRoutes,
  ...checkRoutes,
  ...issueRoutes,
  ...pullRoutes,
  ...securityRoutes,
  ...searchRoutes,
  ...teamRoutes,
  ...gitDataRoutes,
];
