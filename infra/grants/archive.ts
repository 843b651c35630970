import { allow } from './allow.ts';
import type { Grant, Resources } from './grant.ts';
import { useKeyThrough } from './use-key.ts';

/**
 * Writes audit records to the archive, whose lock keeps them from being changed, and reads again what stands at a
 * place that was taken.
 */
export function writeArchive({ archive }: Resources): Grant {
  const arn = archive.bucket.arnForObjects('*');
  return {
    statements: [allow(['s3:GetObject', 's3:PutObject'], arn)],
    variables: { ARCHIVE_URL: archive.url },
    wildcards: [{ arn, reason: 'An object of the archive is named by its record.' }],
  };
}

/** Reads the signed heads of the audit chains, and adds more. */
export function keepHeads({ archive }: Resources): Grant {
  const arn = archive.bucket.arnForObjects('heads/*');
  return {
    statements: [
      allow(['s3:GetObject', 's3:PutObject'], arn),
      // Without it S3 answers 403 for an object that is not there.
      allow(['s3:ListBucket'], archive.bucket.bucketArn),
    ],
    variables: { ARCHIVE_URL: archive.url },
    wildcards: [{ arn, reason: 'Signed heads are numbered as they are made.' }],
  };
}

/** Reads the archive by its versions: a plain listing shows nothing of what a delete marker hides. */
export function readArchive({ archive }: Resources): Grant {
  const arn = archive.bucket.arnForObjects('*');
  return {
    statements: [
      allow(['s3:GetObjectVersion'], arn),
      allow(['s3:ListBucketVersions'], archive.bucket.bucketArn),
    ],
    variables: { ARCHIVE_URL: archive.url },
    wildcards: [{ arn, reason: 'Which records a restoration lost is only known by looking.' }],
  };
}

/** The key that encrypts the archive: to write, and to read too where `kms:Decrypt` is named. */
export const archiveKey = ({ keys }: Resources, ...actions: string[]): Grant => ({
  statements: [useKeyThrough('s3', keys.data, ...actions)],
  variables: {},
});
