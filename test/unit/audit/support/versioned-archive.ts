import type { ArchivedVersion } from '../../../../lambdas/shared/domain/audit/archived-version.ts';

type Version = ArchivedVersion & { readonly text: string };

/** A bucket with versions, in memory: what Object Lock leaves to somebody who can write and delete, and to nobody. */
export function makeVersionedArchive(clock: () => Date) {
  let versions: Version[] = [];
  let written = 0;
  const add = (key: string, text: string, isDeleteMarker = false): void => {
    written += 1;
    const storedAt = new Date(clock().getTime() + written).toISOString();
    versions.push({ key, versionId: `v${written}`, isDeleteMarker, storedAt, text });
  };
  const current = (key: string) => {
    const found = versions.findLast((version) => version.key === key);
    return found?.isDeleteMarker ? undefined : found;
  };
  return {
    keys: () => [...new Set(versions.map(({ key }) => key))].sort(),
    textOf: (key: string): string => current(key)?.text ?? '',

    /** As the broker's functions reach it. */
    bucket: {
      get: async (key: string) => current(key)?.text,
      async putOnce(key: string, text: string): Promise<boolean> {
        if (current(key)) return false;
        add(key, text);
        return true;
      },
    },

    /** As whoever verifies the log reaches it. */
    reader: {
      chains: async () => [
        ...new Set(versions.flatMap(({ key }) => /^records\/([^/]+)\//.exec(key)?.[1] ?? [])),
      ],
      async *versionsOf(prefix: string) {
        for (const { text: _, ...version } of versions) if (version.key.startsWith(prefix)) yield version;
      },
      read: async ({ versionId }: ArchivedVersion) =>
        versions.find((version) => version.versionId === versionId)?.text ?? '',
    },

    /** The archive as it is now; what is called with nothing puts it back. */
    keep(): () => void {
      const kept = [...versions];
      return () => {
        versions = [...kept];
      };
    },
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
