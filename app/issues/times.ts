/** Times for people. */

/** `2026-11-23 12:00:00 UTC`, with milliseconds where there are some; null for what is no time. */
export function formatTime(time: string): string | null {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return null;
  const [day, clock = ""] = date.toISOString().split("T");
  return `${day} ${clock.replace(/\.000Z$/, "").replace(/Z$/, "")} UTC`;
}

/** From one time to another, as `1.3 s`, `4 min 10 s`, `3 h 5 min` or `2 d 1 h`; null where one is no time. */
export function formatDuration(from: string, to: string): string | null {
  const ms = Date.parse(to) - Date.parse(from);
  if (Number.isNaN(ms)) return null;
  if (ms < 0) return "0 s";
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  const hours = Math.floor(minutes / 60);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
