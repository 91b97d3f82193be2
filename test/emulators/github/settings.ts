// What can be turned while the emulator runs. The first value of each is how github.com is.
import type { TokenFormat } from "./credentials.ts";

export interface Settings {
  /** Unless the request asks for one by header. */
  readonly tokenFormat: TokenFormat;
  readonly tokenLifetimeSeconds: number;
  /** The clock of GitHub against that of the App. */
  readonly clockSkewSeconds: number;
  /** Where webhooks go; null sends none. */
  readonly webhookUrl: string | null;
  readonly webhookSecret: string;
  readonly webhookTimeoutMilliseconds: number;
  /** Requests in an hour; the bucket of each installation. */
  readonly rateLimit: number;
  /** Of new content (issues, comments, check runs are none); null does not limit it. */
  readonly contentPerMinute: number | null;
  /** Which status a used up rate limit and a secondary limit are answered with: GitHub does either. */
  readonly limitStatus: 403 | 429;
}

export const DEFAULT_SETTINGS: Settings = {
  tokenFormat: "stateless",
  tokenLifetimeSeconds: 3600,
  clockSkewSeconds: 0,
  webhookUrl: null,
  webhookSecret: "",
  webhookTimeoutMilliseconds: 10_000,
  rateLimit: 5000,
  contentPerMinute: 80,
  limitStatus: 403,
};
