/**
 * The page on this machine from which the manifest is posted, and to which GitHub sends the browser back. Its address has
 * a random part and the answer a state, so that nobody else's App is taken for the one that was asked for.
 */
import { randomBytes, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { SettingsError } from "../settings-error.ts";
import { type Manifest, registrationUrl } from "./manifest.ts";

export interface Registration {
  /** What the browser has to open. */
  readonly url: string;
  /**
   * Hands over each code that comes with the right state, until one is taken.
   *
   * @param take what is done with it; the page tells what it throws
   */
  waitForCode<Result>(take: (code: string) => Promise<Result>, signal: AbortSignal): Promise<Result>;
  close(): Promise<void>;
}

export interface RegistrationOptions {
  readonly port: number;
  readonly serverUrl: string;
  readonly organization: string | null;
  /** @param redirectUrl where GitHub sends the browser back to */
  readonly makeManifest: (redirectUrl: string) => Manifest;
}

/** Loopback only: who reaches the page can register an App in the operator's name. */
const HOST = "127.0.0.1";

/** @throws {SettingsError} where the port is taken */
export async function openRegistration(options: RegistrationOptions): Promise<Registration> {
  const page = `/${randomBytes(16).toString("hex")}`;
  const state = randomBytes(32).toString("hex");
  let onCode: ((code: string) => Promise<string>) | null = null;
  let manifest: Manifest | null = null;
  const server: Server = createServer((request, response) => {
    answer(request, response).catch(() => send(response, 500, "Something went wrong", "<p>See the terminal.</p>"));
  });

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? "/", `http://${HOST}`);
    // A name that an attacker lets point here comes with its own Host.
    const hosts = [`${HOST}:${portOf(server)}`, `localhost:${portOf(server)}`];
    if (request.method !== "GET" || !hosts.includes(request.headers.host ?? "")) {
      return send(response, 404, "Not found", "");
    }
    if (url.pathname === page && manifest !== null) {
      return send(response, 200, "Register the GitHub App", formOf(manifest, options, state));
    }
    if (url.pathname !== "/created") return send(response, 404, "Not found", "");
    const code = url.searchParams.get("code") ?? "";
    if (!isSame(url.searchParams.get("state") ?? "", state)) {
      return send(response, 403, "Not the answer to this page", "<p>Its state is another one. Nothing was done.</p>");
    }
    if (!/^[\w-]{1,200}$/.test(code) || onCode === null) {
      return send(response, 400, "No code", "<p>GitHub sent no code that can be used. Nothing was done.</p>");
    }
    const said = await onCode(code);
    send(response, 200, "Keyrecall", `<p>${escapeHtml(said)}</p>`);
  };

  server.listen(options.port, HOST);
  try {
    await once(server, "listening");
  } catch (error) {
    const { code } = error as { code?: string };
    throw new SettingsError(`port ${options.port} cannot be used (${code ?? "unknown"})`, "name another with --port");
  }
  const origin = `http://${HOST}:${portOf(server)}`;
  manifest = options.makeManifest(`${origin}/created`);
  return {
    url: origin + page,
    waitForCode: (take, signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
        onCode = async (code) => {
          // A code is good for one time: a page that is loaded again must not spend another.
          onCode = null;
          try {
            resolve(await take(code));
            return "The App is registered. You can close this page; the terminal says what comes next.";
          } catch (error) {
            reject(error);
            return "It did not succeed. The terminal says why.";
          }
        };
      }),
    close: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeIdleConnections();
      await closed;
    },
  };
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function formOf(manifest: Manifest, { serverUrl, organization }: RegistrationOptions, state: string): string {
  const { name, hook_attributes: hook, default_permissions: permissions, default_events: events } = manifest;
  const owner = organization ?? "your own account";
  const list = Object.entries(permissions).map(([permission, level]) => `<li>${permission}: ${level}</li>`);
  return `<p>GitHub will ask you to create the App <b>${escapeHtml(name)}</b> for <b>${escapeHtml(owner)}</b>, with its
webhook at <code>${escapeHtml(hook.url)}</code>.</p>
<ul>${list.join("")}</ul><p>Events: ${events.join(", ")}.</p>
<form method="post" action="${escapeHtml(registrationUrl(serverUrl, organization, state))}">
<input type="hidden" name="manifest" value="${escapeHtml(JSON.stringify(manifest))}">
<button>Go on to ${escapeHtml(new URL(serverUrl).host)}</button></form>`;
}

function send(response: ServerResponse, status: number, title: string, content: string): void {
  response
    .writeHead(status, {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
      "referrer-policy": "no-referrer",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      connection: "close",
    })
    .end(
      `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><h1>${title}</h1>${content}</html>\n`,
    );
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
