// Pages by number, and the `Link` header that leads from one to the next.

const DEFAULT_SIZE = 30;

export interface Page {
  readonly items: readonly unknown[];
  readonly link: string | undefined;
}

/** @param options.url of the request, without host */
export function paginate(
  items: readonly unknown[],
  query: URLSearchParams,
  { origin, url, largest }: { readonly origin: string; readonly url: string; readonly largest: number },
): Page {
  const size = pageSize(query, largest);
  const page = positive(query.get("page"), 1);
  const last = Math.max(1, Math.ceil(items.length / size));
  const start = (page - 1) * size;
  const targets: Record<string, number> = {};
  if (page > 1) Object.assign(targets, { prev: Math.min(page - 1, last) });
  if (page < last) Object.assign(targets, { next: page + 1, last });
  if (page > 1) Object.assign(targets, { first: 1 });
  const links = Object.entries(targets).map(([rel, number]) => `<${withPage(origin, url, number)}>; rel="${rel}"`);
  return { items: items.slice(start, start + size), link: links.length === 0 ? undefined : links.join(", ") };
}

export function pageSize(query: URLSearchParams, largest: number): number {
  return Math.min(largest, positive(query.get("per_page"), DEFAULT_SIZE));
}

function withPage(origin: string, url: string, page: number): string {
  const target = new URL(url, origin);
  target.searchParams.set("page", String(page));
  return target.href;
}

function positive(text: string | null, otherwise: number): number {
  const value = Number(text);
  return text !== null && Number.isInteger(value) && value > 0 ? value : otherwise;
}
