import { createHash, randomUUID } from 'node:crypto';
import { AwsError } from '../../../gateway/wire/aws-error.ts';
import type { Room } from '../make-room.ts';

/** One version of an object; one without a body marks that the object was deleted. */
export type Version = {
  readonly versionId: string;
  readonly storedAt: Date;
  readonly etag: string;
  readonly body?: Buffer;
  /** What an answer's headers repeat: content type, metadata. */
  readonly headers: Readonly<Record<string, string>>;
};

export type NewObject = {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  /** Of an object that came in parts; else its content's MD5. */
  readonly etag?: string;
};

export const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');

const sizeOf = (key: string, { body }: Pick<Version, 'body'>): number =>
  Buffer.byteLength(key) + (body?.length ?? 0);

/**
 * Objects of buckets, each with all of its versions, in memory.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/versioning-workflows.html
 */
export function openBuckets(names: readonly string[], room: Room) {
  const buckets = new Map(names.map((name) => [name, new Map<string, Version[]>()]));
  const startedAt = new Date();

  function bucketOf(name: string): Map<string, Version[]> {
    const bucket = buckets.get(name);
    if (bucket) return bucket;
    throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404);
  }

  function add(bucket: string, key: string, version: Omit<Version, 'versionId' | 'storedAt'>): Version {
    const versions = bucketOf(bucket).get(key) ?? [];
    const added = { ...version, versionId: randomUUID().replaceAll('-', ''), storedAt: new Date() };
    room.take(sizeOf(key, added));
    bucketOf(bucket).set(key, [added, ...versions]);
    return added;
  }

  const versionsOf = (bucket: string, key: string): readonly Version[] => bucketOf(bucket).get(key) ?? [];

  return {
    names: () => [...buckets.keys()].sort(),
    startedAt,
    has: (bucket: string) => buckets.has(bucket),
    /** Keys in the order of their UTF-8 bytes, as S3 lists them, with their versions, newest first. */
    entries: (bucket: string): [key: string, versions: readonly Version[]][] =>
      [...bucketOf(bucket)].sort(([left], [right]) => Buffer.compare(Buffer.from(left), Buffer.from(right))),
    /** A version by its id, or the newest. */
    find: (bucket: string, key: string, versionId?: string): Version | undefined =>
      versionId === undefined
        ? versionsOf(bucket, key)[0]
        : versionsOf(bucket, key).find((version) => version.versionId === versionId),
    put: (bucket: string, key: string, { body, headers, etag }: NewObject): Version =>
      add(bucket, key, { body, headers, etag: etag ?? md5(body) }),
    /** Marks an object as deleted: its versions stay. */
    mark: (bucket: string, key: string): Version => add(bucket, key, { headers: {}, etag: '' }),
    /** Takes one version away for good; answers it, where it was there. */
    remove(bucket: string, key: string, versionId: string): Version | undefined {
      const versions = versionsOf(bucket, key);
      const removed = versions.find((version) => version.versionId === versionId);
      if (!removed) return undefined;
      room.give(sizeOf(key, removed));
      const rest = versions.filter((version) => version !== removed);
      if (rest.length > 0) bucketOf(bucket).set(key, rest);
      else bucketOf(bucket).delete(key);
      return removed;
    },
  };
}
export type Buckets = ReturnType<typeof openBuckets>;
