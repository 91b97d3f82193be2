// From a request of the API to its answer: who asks, may they, is it as described, and what comes of it.
import { createHash, randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Answer } from "../http/answer.ts";
import { isRecord, parseJson, type RequestBody } from "../http/request-body.ts";
import { canSee, checkAccess, describeNeeds, hasAny, isWrite } from "./access.ts";
import type { Principal } from "./credentials.ts";
import { archived, forbidden, GitHubError, notFound } from "./github-error.ts";
import type { GitHub } from "./github.ts";
import type { Matched } from "./match-route.ts";
import { parameters, problemsOfRequestBody, problemsOfResponse } from "./openapi.ts";
import { paginate } from "./pagination.ts";
import type { Resource } from "./rate-limits.ts";
import type { OpenRequest } from "./request-log.ts";
import type { Call, Result, Route } from "./route.ts";
import { fullName, type Repository } from "./world/entities.ts";

export interface ApiRequest {
  readonly request: IncomingMessage;
  /** Path and query, as the routes know them. */
  readonly url: string;
  readonly matched: Matched | undefined;
  readonly body: RequestBody;
  readonly entry: OpenRequest;
}

const API_VERSIONS = ["2022-11-28", "2026-03-10"];
/** In whose absence GitHub's front door answers. */
const NO_USER_AGENT =
  "Request forbidden by administrative rules. Please make sure your request has a User-Agent header";

export async function serveApi(github: GitHub, api: ApiRequest): Promise<Answer> {
  const resource: Resource = api.url.startsWith("/search/") ? "search" : "core";
  let principal: Principal = { kind: "anonymous" };
  github.limits.begin();
  try {
    if (api.entry.userAgent === "") throw new GitHubError(403, NO_USER_AGENT);
    checkVersion(api.entry.apiVersion);
    principal = github.credentials.identify(api.request.headers.authorization);
    if (api.url.split("?", 1)[0] !== "/rate_limit") github.limits.take(principal, resource);
    const answer = await serve(github, principal, api);
    return finish(github, principal, resource, api, answer);
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    const answer = errorAnswer(error, api.matched?.route);
    checkAnswer(github, api, answer, error.body);
    return finish(github, principal, resource, api, answer);
  } finally {
    github.limits.end();
  }
}

export function errorAnswer(error: GitHubError, route?: Route): Answer {
  return {
    status: error.status,
    headers: {
      "content-type": "application/json; charset=utf-8",
      ...(route?.needs === undefined ? {} : { "x-accepted-github-permissions": describeNeeds(route.needs) }),
      ...error.details.headers,
    },
    body: JSON.stringify(error.body),
  };
}

async function serve(github: GitHub, principal: Principal, api: ApiRequest): Promise<Answer> {
  const { matched, url } = api;
  const query = new URLSearchParams(url.split("?").slice(1).join("?"));
  if (matched === undefined) {
    throw new GitHubError(404, "Not Found", { documentationUrl: "https://docs.github.com/rest#not-emulated" });
  }
  const { route, params } = matched;
  const body = readBody(api);
  const call: Call = {
    github,
    principal,
    params,
    query,
    body: isRecord(body) ? body : {},
    accept: api.request.headers.accept ?? "",
    headers: api.request.headers,
  };
  const repository = route.by === "repository" ? locate(call, api) : undefined;
  if (repository instanceof GitHubError) throw repository;
  checkWho(call, route, repository);
  github.limits.checkSecondary({
    route: route.route,
    createsContent: route.createsContent === true,
  });
  checkRequest(github, api, call, body);
  if (repository !== undefined && repository.isArchived && changes(api) && route.worksWhenArchived !== true) {
    throw archived();
  }
  const result = await (route.by === "repository"
    ? route.handle({ ...call, repository: repository as Repository })
    : route.handle(call));
  return render(github, api, call, result);
}

function changes({ request }: ApiRequest): boolean {
  return request.method !== "GET" && request.method !== "HEAD";
}

function readBody({ body }: ApiRequest): unknown {
  if (body.length === 0) return undefined;
  const value = parseJson(body.bytes);
  if (value === undefined) throw new GitHubError(400, "Problems parsing JSON");
  return value;
}

/** The repository that a path names; what leads elsewhere is an error, as for GitHub's own clients. */
function locate(call: Call, api: ApiRequest): Repository | GitHubError {
  const { github, principal, params } = call;
  const { owner = "", repo = "" } = params;
  const found = github.world.findRepository(owner, repo);
  if (found !== undefined) return canSee(github.world, principal, found) ? found : notFound();
  const moved = github.world.findMoved(owner, repo);
  if (moved === undefined || !canSee(github.world, principal, moved)) return notFound();
  const rest = api.url.slice(`/repos/${owner}/${repo}`.length);
  const location = github.addressByNumber(moved, rest);
  // Other methods must be kept, and 301 does not say so.
  return new GitHubError(changes(api) ? 307 : 301, "Moved Permanently", { headers: { location }, url: location });
}

function checkWho(call: Call, route: Route, repository: Repository | undefined): void {
  const { github, principal } = call;
  if (route.by === "repository") {
    if (repository === undefined) throw notFound();
    const { needs, isSensitive = false } = route;
    checkAccess(github.world, principal, repository, { needs, isSensitive });
    return;
  }
  if (route.by === "anybody") return;
  if (route.by === "app") {
    if (principal.kind !== "app") throw new GitHubError(401, "A JSON web token could not be decoded");
    return;
  }
  if (principal.kind === "anonymous") throw new GitHubError(401, "Requires authentication");
  if (principal.kind === "app" || (route.by === "installation" && principal.kind !== "installation")) {
    throw new GitHubError(
      403,
      "You must authenticate with an installation access token in order to access this endpoint.",
    );
  }
  const { needs } = route;
  if (needs === undefined || principal.kind !== "installation") return;
  if (!hasAny(principal.token.permissions, needs) && isWrite(needs)) throw forbidden();
}

function checkRequest(github: GitHub, { matched, entry }: ApiRequest, call: Call, body: unknown): void {
  if (matched === undefined) return;
  const { route } = matched.route;
  const problems: string[] = [];
  const known = parameters(route);
  for (const { name, in: place, validate, isRequired } of known) {
    const value =
      place === "path" ? call.params[name] : place === "query" ? (call.query.get(name) ?? undefined) : undefined;
    if (value === undefined ? isRequired && place !== "header" : !validate({ value })) {
      problems.push(`${place} parameter ${name} is not as described`);
    }
  }
  const names = new Set(known.filter((parameter) => parameter.in === "query").map(({ name }) => name));
  for (const name of call.query.keys()) if (!names.has(name)) problems.push(`there is no query parameter ${name}`);
  problems.push(...problemsOfRequestBody(route, body).map((problem) => `body: ${problem}`));
  if (problems.length === 0) return;
  entry.problems = problems;
  for (const problem of problems) github.complaints.push(`${entry.method} ${entry.path}: ${problem}`);
  // GitHub does not mind what it does not know.
  const serious = problems.filter((problem) => !/^there is no query|additional properties/.test(problem));
  if (serious.length === 0) return;
  throw new GitHubError(422, `Invalid request.\n\n${serious.join("\n")}`);
}

function render(github: GitHub, api: ApiRequest, call: Call, result: Result): Answer {
  const json = { "content-type": "application/json; charset=utf-8" };
  switch (result.kind) {
    case "nothing": {
      checkAnswer(github, api, { status: result.status, headers: {}, body: "" }, undefined);
      return { status: result.status, headers: {}, body: "" };
    }
    case "text": {
      const text = String(result.text);
      // Answers are text here; other bytes would arrive as something else.
      if (text.includes("\u{FFFD}")) github.complaints.push(`${api.entry.path}: only text can be had raw`);
      return { status: 200, headers: { "content-type": result.contentType }, body: text };
    }
    case "value": {
      const answer = { status: result.status, headers: json, body: JSON.stringify(result.value) };
      checkAnswer(github, api, answer, result.value);
      return answer;
    }
    case "page":
    case "list": {
      const { items, link } =
        result.kind === "page"
          ? { items: [], link: result.link }
          : paginate(result.items, call.query, {
              origin: github.urls.origin,
              url: api.url,
              largest: github.settings.largestPage,
            });
      const value = result.kind === "page" ? result.value : (result.wrap?.(items, result.items.length) ?? items);
      const headers = link === undefined ? json : { ...json, link };
      const answer = { status: 200, headers, body: JSON.stringify(value) };
      checkAnswer(github, api, answer, value);
      return answer;
    }
  }
}

/** An answer that is not as described is a mistake of the emulator, and must not pass. */
function checkAnswer(github: GitHub, { matched, entry }: ApiRequest, answer: Answer, value: unknown): void {
  if (matched === undefined) return;
  // Validators go by what arrives, not by what stands in memory.
  const arrived: unknown = value === undefined ? undefined : JSON.parse(JSON.stringify(value));
  for (const problem of problemsOfResponse(matched.route.route, answer.status, arrived)) {
    github.complaints.push(`answer ${answer.status} to ${entry.method} ${entry.path}: ${problem}`);
  }
}

function finish(github: GitHub, principal: Principal, resource: Resource, api: ApiRequest, answer: Answer): Answer {
  const { method, headers } = api.request;
  const isCacheable = method === "GET" && answer.status === 200;
  const etag = `W/"${createHash("sha256").update(answer.body).digest("hex")}"`;
  const isUnchanged = isCacheable && headers["if-none-match"] === etag;
  if (isUnchanged) github.limits.giveBack(principal, resource);
  const needs = api.matched?.route.needs;
  return {
    status: isUnchanged ? 304 : answer.status,
    body: isUnchanged ? "" : answer.body,
    headers: {
      date: new Date(Date.now() + github.settings.clockSkewSeconds * 1000).toUTCString(),
      server: "github.com",
      "cache-control": "private, max-age=60, s-maxage=60",
      vary: "Accept, Authorization, Cookie, X-GitHub-OTP,Accept-Encoding, Accept, X-Requested-With",
      "x-github-media-type": "github.v3; format=json",
      "x-github-api-version-selected": api.entry.apiVersion ?? API_VERSIONS[0] ?? "",
      "x-github-request-id": randomUUID().toUpperCase(),
      ...github.limits.headers(principal, resource),
      ...(needs === undefined ? {} : { "x-accepted-github-permissions": describeNeeds(needs) }),
      ...(isCacheable ? { etag } : {}),
      ...answer.headers,
    },
  };
}

function checkVersion(version: string | null): void {
  if (version === null || API_VERSIONS.includes(version)) return;
  throw new GitHubError(400, `\`${version}\` is not a valid API version.`);
}

/** `/repositories/{id}` is no part of the description: clients get there by redirects, and in no other way. */
export function withoutAlias(github: GitHub, url: string): string {
  const [, id, rest = ""] = /^\/repositories\/(\d+)(.*)$/.exec(url) ?? [];
  if (id === undefined || !github.wasSentTo(Number(id))) return url;
  const repository = github.world.findRepositoryById(Number(id));
  return repository === undefined ? `/repos/-/${id}${rest}` : `/repos/${fullName(repository)}${rest}`;
}
