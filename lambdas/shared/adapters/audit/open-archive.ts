import { S3Client } from '@aws-sdk/client-s3';
import { requiredEnv } from '../runtime/environment.ts';
import { type ArchiveReader, makeArchiveReader } from './archive-reader.ts';
import { placeOfArchive } from './place-of-archive.ts';

/** The archive as a function's environment names it, for a function that reads it by its versions. */
export function openArchive(): ArchiveReader {
  const { bucket, endpoint } = placeOfArchive(requiredEnv('ARCHIVE_URL'));
  return makeArchiveReader({ client: new S3Client({ endpoint, forcePathStyle: true }), bucket });
}
