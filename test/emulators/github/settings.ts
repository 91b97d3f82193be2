// What can be turned while the emulator runs; by default it is as on github.com.
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
  /** Of new issues, comments and advisories together; null does not limit them. */
  readonly contentPerMinute: number | null;
  /** How long what has been written is not found by a search. */
  readonly searchLagSeconds: number;
  /** A page never has more, whatever is asked for. */
  readonly largestPage: number;
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
  searchLagSeconds: 0,
  largestPage: 100,
  limitStatus: 403,
};
