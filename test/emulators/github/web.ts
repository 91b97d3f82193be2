// The one page of GitHub's website that an App needs: where a manifest is posted, and a person agrees, at once.
import type { ServerResponse } from "node:http";
import { isRecord, parseJson, type RequestBody } from "../http/request-body.ts";
import type { GitHub } from "./github.ts";
import type { Permissions } from "./world/entities.ts";

const REGISTRATION = /^\/(?:organizations\/([^/]+)\/)?settings\/apps\/new$/;
/** Of a manifest, as GitHub's documents list them. */
const KEYS = new Set([
  "name",
  "url",
  "hook_attributes",
  "redirect_url",
  "callback_urls",
  "setup_url",
  "setup_on_update",
  "description",
  "public",
  "default_events",
  "default_permissions",
  "request_oauth_on_install",
]);

export function isRegistration(method: string, url: string): boolean {
  return method === "POST" && REGISTRATION.test(url.split("?", 1).join(""));
}

/** Makes the App of the manifest and sends the browser back with a code, as the button on the page does. */
export function registerApp(github: GitHub, url: string, body: RequestBody, response: ServerResponse): void {
  const [path = "", query = ""] = url.split("?", 2);
  const organization = REGISTRATION.exec(path)?.[1];
  const manifest = parseJson(Buffer.from(new URLSearchParams(body.bytes.toString("utf8")).get("manifest") ?? ""));
  const problem = problemOf(manifest);
  if (problem !== null || !isRecord(manifest)) {
    response.writeHead(422, { "content-type": "text/html" }).end(problem ?? "no manifest");
    return;
  }
  if (organization !== undefined && github.world.findAccount(organization)?.type !== "Organization") {
    response.writeHead(404, { "content-type": "text/html" }).end("Not Found");
    return;
  }
  const hook = manifest["hook_attributes"] as Readonly<Record<string, unknown>>;
  github.app.permissions = manifest["default_permissions"] as Permissions;
  github.app.events = manifest["default_events"] as string[];
  github.settings = { ...github.settings, webhookUrl: String(hook["url"]) };
  const back = new URL(String(manifest["redirect_url"]));
  back.searchParams.set("code", github.credentials.mintCode());
  const state = new URLSearchParams(query).get("state");
  if (state !== null) back.searchParams.set("state", state);
  response.writeHead(302, { location: back.href }).end();
}

function problemOf(manifest: unknown): string | null {
  if (!isRecord(manifest)) return "the manifest is no JSON object";
  const unknown = Object.keys(manifest).filter((key) => !KEYS.has(key));
  if (unknown.length > 0) return `a manifest has no ${unknown.join()}`;
  const hook = manifest["hook_attributes"];
  if (typeof manifest["url"] !== "string" || !isRecord(hook) || typeof hook["url"] !== "string") {
    return "url and hook_attributes.url are required";
  }
  if (typeof manifest["redirect_url"] !== "string") return "there is nowhere to go back to";
  const isMap = isRecord(manifest["default_permissions"]) && Array.isArray(manifest["default_events"]);
  return isMap ? null : "permissions or events are missing";
}
