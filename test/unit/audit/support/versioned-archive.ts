import type { ArchivedVersion } from '../../../../lambdas/shared/domain/audit/archived-version.ts';

type Version = ArchivedVersion & { readonly text: string };

/** A bucket with versions, in memory: what Object Lock leaves to somebody who can write and delete, and to nobody. */
export function makeVersionedArchive() {
  let versions: Version[] = [];
  let written = 0;
  const add = (key: string, text: string, isDeleteMarker = false): void => {
    written += 1;
    const storedAt = new Date(Date.UTC(2026, 10, 20) + written * 1000).toISOString();
    versions.push({ key, versionId: `v${written}`, isDeleteMarker, storedAt, text });
  };
  const current = (key: string) => {
    const found = versions.findLast((version) => version.key === key);
    return found?.isDeleteMarker ? undefined : found;
  };
  return {
    keys: () => [...new Set(versions.map(({ key }) => key))].sort(),
    /** Puts over an object, as anybody can who may write the bucket. */
    overwrite: add,
    /** A DELETE without a version: a delete marker hides the object. */
    hide: (key: string): void => add(key, '', true),
    /** Removes every version, which Object Lock lets nobody do until the retention ends. */
    destroy: (key: string): void => {
      versions = versions.filter((version) => version.key !== key);
    },
    /** Changes what is stored, which nobody can: for what stands in a store that is no S3. */
    alter: (key: string, change: (text: string) => string): void => {
      versions = versions.map((version) =>
        version.key === key ? { ...version, text: change(version.text) } : version,
      );
    },
  };
}
