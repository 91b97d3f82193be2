/**
 * Where a token came in and went out, worked out from the changes of commits. A token is brought in by a
 * change where no parent has it at the same path, nor at the path that the file was renamed from; it is taken
 * out by a change where a parent had it. A change that keeps it carries its history on to the next version.
 */

/** What one commit has put at a path; for names, the path in all commits. */
export interface Version {
  /** Commits that put it there. */
  readonly commits: Set<string>;
  /** Those of them that brought the token in. */
  readonly news: Set<string>;
  /** Commits that brought it in on the lines of history that lead here. */
  readonly introducedBy: Set<string>;
  readonly removedBy: Set<string>;
  readonly next: Set<Version>;
  readonly previous: Set<Version>;
}

export class Lineage {
  readonly #versions = new Map<string, Version>();

  #version(key: string): Version {
    let version = this.#versions.get(key);
    if (version === undefined) {
      version = {
        commits: new Set(),
        news: new Set(),
        introducedBy: new Set(),
        removedBy: new Set(),
        next: new Set(),
        previous: new Set(),
      };
      this.#versions.set(key, version);
    }
    return version;
  }

  /**
   * A commit puts the version in place; `from` are its parents' versions that hold the token already. Those of commits
   * outside of a range are not known, so there may be none although the token is no news.
   */
  appear(key: string, commit: string, from: readonly string[], isNews: boolean = from.length === 0): void {
    const version = this.#version(key);
    version.commits.add(commit);
    if (isNews) {
      version.news.add(commit);
      version.introducedBy.add(commit);
    }
    for (const previousKey of from) {
      if (previousKey === key) continue;
      const previous = this.#version(previousKey);
      previous.next.add(version);
      version.previous.add(previous);
    }
  }

  disappear(key: string, commit: string): void {
    this.#version(key).removedBy.add(commit);
  }

  /** Carries introductions forward and removals backward along each line of history, until nothing changes. */
  settle(): void {
    spread(
      this.#versions.values(),
      (version) => version.introducedBy,
      (version) => version.next,
    );
    spread(
      this.#versions.values(),
      (version) => version.removedBy,
      (version) => version.previous,
    );
  }

  entries(): IterableIterator<[string, Version]> {
    return this.#versions.entries();
  }

  get(key: string): Version | undefined {
    return this.#versions.get(key);
  }
}

function spread(
  versions: Iterable<Version>,
  values: (version: Version) => Set<string>,
  targets: (version: Version) => Set<Version>,
): void {
  const queue = new Set(versions);
  for (const version of queue) {
    queue.delete(version);
    for (const target of targets(version)) {
      const before = values(target).size;
      for (const value of values(version)) values(target).add(value);
      if (values(target).size > before) queue.add(target);
    }
  }
}
