import { GetObjectCommand, ListObjectVersionsCommand, type S3Client } from '@aws-sdk/client-s3';
import { ARCHIVE_PREFIXES } from '../../domain/audit/archive-keys.ts';
import type { ArchivedVersion } from '../../domain/audit/archived-version.ts';
import { callAws } from '../runtime/call-aws.ts';

const ARCHIVE = 'archive bucket';

/**
 * Reads the archive by its versions, as whoever verifies the log must: what a plain GET answers can be hidden by a
 * delete marker or stand over another object.
 */
export function makeArchiveReader(deps: { client: S3Client; bucket: string }) {
  const { client, bucket: Bucket } = deps;

  async function* pages(Prefix: string, Delimiter?: string) {
    for (let markers = {}; ; ) {
      const page = await callAws(ARCHIVE, () =>
        client.send(
          new ListObjectVersionsCommand({ Bucket, Prefix, ...(Delimiter && { Delimiter }), ...markers }),
        ),
      );
      yield page;
      if (!page.IsTruncated) return;
      markers = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
    }
  }

  return {
    /** The names of all chains that ever had a record archived. */
    async chains(): Promise<string[]> {
      const names: string[] = [];
      for await (const { CommonPrefixes = [] } of pages(ARCHIVE_PREFIXES.records, '/'))
        for (const { Prefix = '' } of CommonPrefixes)
          names.push(Prefix.slice(ARCHIVE_PREFIXES.records.length, -1));
      return names;
    },

    /** Every version of every object below a prefix, delete markers included. */
    async *versionsOf(prefix: string): AsyncGenerator<ArchivedVersion> {
      for await (const { Versions = [], DeleteMarkers = [] } of pages(prefix)) {
        yield* Versions.map((version) => versionOf(version, false));
        yield* DeleteMarkers.map((marker) => versionOf(marker, true));
      }
    },

    /** The text of one version. */
    read: ({ key, versionId }: ArchivedVersion): Promise<string> =>
      callAws(ARCHIVE, async () => {
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: key, VersionId: versionId }));
        return (await Body?.transformToString()) ?? '';
      }),
  };
}
export type ArchiveReader = ReturnType<typeof makeArchiveReader>;

function versionOf(
  {
    Key = '',
    VersionId = 'null',
    LastModified,
  }: { Key?: string | undefined; VersionId?: string | undefined; LastModified?: Date | undefined },
  isDeleteMarker: boolean,
): ArchivedVersion {
  const storedAt = (LastModified ?? new Date(0)).toISOString();
  return { key: Key, versionId: VersionId, isDeleteMarker, storedAt };
}
