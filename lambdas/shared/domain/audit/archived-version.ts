/**
 * One version of an object in the archive, as a listing of versions tells of it. A delete marker is what a DELETE
 * without a version leaves, which Object Lock does not prevent: the object is hidden by it, and still there.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html#object-lock-managing-delete-markers
 */
export type ArchivedVersion = {
  readonly key: string;
  readonly versionId: string;
  readonly isDeleteMarker: boolean;
  /** When the archive took it, ISO 8601. */
  readonly storedAt: string;
};

/** What was done to the archive itself: an object was hidden by a delete marker, or another was put over it. */
export type ArchiveProblem = 'deleted' | 'overwritten' | 'unauthentic';
export type ArchiveFinding = {
  readonly key: string;
  readonly problem: ArchiveProblem;
  readonly storedAt: string;
};

/** An object's text as it was archived first, and what was done to it since. */
export type ArchivedObject = {
  readonly key: string;
  readonly text: string;
  readonly storedAt: string;
  readonly findings: readonly ArchiveFinding[];
};

/**
 * The object that these versions of one key are of; undefined where nothing but delete markers is left. Versions may
 * come in any order.
 */
export async function firstOf(
  versions: readonly ArchivedVersion[],
  read: (version: ArchivedVersion) => Promise<string>,
): Promise<ArchivedObject | undefined> {
  const ordered = versions.toSorted((left, right) => left.storedAt.localeCompare(right.storedAt));
  const [first, ...later] = ordered.filter(({ isDeleteMarker }) => !isDeleteMarker);
  if (!first) return undefined;
  const { key, storedAt } = first;
  const text = await read(first);
  const findings: ArchiveFinding[] = ordered
    .filter(({ isDeleteMarker }) => isDeleteMarker)
    .map((marker) => ({ key, problem: 'deleted', storedAt: marker.storedAt }));
  for (const version of later)
    if ((await read(version)) !== text)
      findings.push({ key, problem: 'overwritten', storedAt: version.storedAt });
  return { key, text, storedAt, findings };
}

/** Versions by their key. */
export async function byKey(
  versions: AsyncIterable<ArchivedVersion>,
): Promise<Map<string, ArchivedVersion[]>> {
  const found = new Map<string, ArchivedVersion[]>();
  for await (const version of versions) found.set(version.key, [...(found.get(version.key) ?? []), version]);
  return found;
}
