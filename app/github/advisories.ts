/** Private advisories: the place for what must not stand in a public issue. */
import type { AdvisoryText } from "../issues/advisory.ts";
import { hasMarker } from "../issues/marker.ts";
import type { GitHubClient } from "./client.ts";
import type { AppIdentity } from "./identity.ts";
import { isRefusal, orRefusal, type Refusal, refused } from "./refusal.ts";
import { splitName } from "./repositories.ts";

export interface OwnAdvisory {
  readonly kind: "advisory";
  readonly id: string;
  readonly url: string;
  readonly description: string;
  readonly state: string;
}

interface AdvisoryAnswer {
  readonly ghsa_id: string;
  readonly html_url: string;
  readonly description: string | null;
  readonly state: string;
  readonly author: { readonly login: string } | null;
}

/** All states: what maintainers have closed is not reported a second time. */
const STATES = ["triage", "draft", "closed", "published"] as const;

async function findAdvisory(
  client: GitHubClient,
  { botLogin }: AppIdentity,
  fullName: string,
  marker: string,
): Promise<OwnAdvisory | null> {
  for (const state of STATES) {
    const pages = client.paginate.iterator(client.rest.securityAdvisories.listRepositoryAdvisories, {
      ...splitName(fullName),
      state,
      per_page: 100,
    });
    for await (const { data } of pages) {
      const found = (data as readonly AdvisoryAnswer[]).find(
        ({ author, description }) =>
          author?.login.toLowerCase() === botLogin.toLowerCase() && hasMarker(description ?? "", marker),
      );
      if (found !== undefined) return ownAdvisory(found);
    }
  }
  return null;
}

export interface KeptAdvisory {
  readonly fullName: string;
  readonly marker: string;
  readonly text: (previous: string | null) => AdvisoryText;
  /** Closed once something else says it all; null where that is as it is. One that is not there is only opened. */
  readonly shouldBeOpen: boolean | null;
}

/** Reports it in private, or brings the report that there is up to date. @returns null where there is to be none */
export async function keepAdvisory(
  client: GitHubClient,
  identity: AppIdentity,
  { fullName, marker, text, shouldBeOpen }: KeptAdvisory,
): Promise<OwnAdvisory | Refusal | null> {
  const what = `report a private advisory in ${fullName}`;
  const known = await orRefusal(what, () => findAdvisory(client, identity, fullName, marker));
  if (known !== null && isRefusal(known)) return known;
  if (known === null && shouldBeOpen !== true) return null;
  if (known?.state === "published") {
    return refused("forbidden", `Keyrecall cannot ${what}: the one that there is was published.`);
  }
  const { summary, description, severity } = text(known?.description ?? null);
  const fields = { ...splitName(fullName), summary, description, severity };
  if (known === null) {
    return orRefusal(what, async () => {
      const { data } = await client.rest.securityAdvisories.createPrivateVulnerabilityReport(fields);
      return ownAdvisory(data);
    });
  }
  const isOpen = known.state !== "closed";
  const isAsItShouldBe = shouldBeOpen === null || shouldBeOpen === isOpen;
  if (isAsItShouldBe && known.description.replaceAll("\r\n", "\n") === description) return known;
  return orRefusal(what, async () => {
    const { data } = await client.rest.securityAdvisories.updateRepositoryAdvisory({
      ...fields,
      ghsa_id: known.id,
      ...(isAsItShouldBe ? {} : { state: shouldBeOpen ? "draft" : "closed" }),
    });
    return ownAdvisory(data);
  });
}

function ownAdvisory({ ghsa_id: id, html_url: url, description, state }: AdvisoryAnswer): OwnAdvisory {
  return { kind: "advisory", id, url, description: description ?? "", state };
}
