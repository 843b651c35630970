import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { makeArchiveReader } from '../../lambdas/shared/adapters/audit/archive-reader.ts';
import { makeAuditReader } from '../../lambdas/shared/adapters/audit/audit-reader.ts';
import { headsVerifier, makeHeadsKey } from '../../lambdas/shared/adapters/audit/heads-key.ts';
import { placeOfArchive } from '../../lambdas/shared/adapters/audit/place-of-archive.ts';
import { makeRecordMacs } from '../../lambdas/shared/adapters/audit/record-macs.ts';
import { readImage } from '../../lambdas/shared/adapters/tables/read-image.ts';
import type { CallerIdentity } from '../sdk/caller-identity.ts';

/** Where a deployment's audit log is, and as whom it is read. */
export type AuditPlace = {
  readonly identity: CallerIdentity;
  /** The archive bucket's URL: the stack's output `ArchiveUrl`. */
  readonly archiveUrl: string;
  /** Where AWS is, where it is not on AWS: the sandbox's endpoint. */
  readonly endpoint?: string;
};

/** Names that the template pins. */
const AUDIT_TABLE = 'postern_audit';
const RECORDS_KEY = 'alias/postern-audit-records';
const HEADS_KEY = 'alias/postern-audit-heads';

/** The log, the signed heads and their keys, as the role `postern-audit-reader` may reach them. */
export async function openAudit({ identity, archiveUrl, endpoint }: AuditPlace) {
  const { credentials } = identity;
  const region = await identity.region();
  const options = { credentials, region, ...(endpoint !== undefined && { endpoint }) };
  const dynamodb = new DynamoDBClient(options);
  const kms = new KMSClient(options);
  const { bucket, endpoint: s3Endpoint } = placeOfArchive(archiveUrl);
  const s3 = new S3Client({ credentials, region, endpoint: s3Endpoint, forcePathStyle: true });
  const client = DynamoDBDocumentClient.from(dynamodb);
  const headsKey = await makeHeadsKey({ client: kms, keyId: HEADS_KEY }).publicKey();
  return {
    audit: makeAuditReader({ client, tableName: AUDIT_TABLE }),
    archive: makeArchiveReader({ client: s3, bucket }),
    readImage,
    clock: () => new Date(),
    isGenuine: makeRecordMacs({ client: kms, keyId: RECORDS_KEY }).verify,
    isSigned: headsVerifier(headsKey),
    /** The public half of the key that signs heads: DER, base64. */
    headsKey,
    close(): void {
      dynamodb.destroy();
      kms.destroy();
      s3.destroy();
    },
  };
}
export type OpenAudit = Awaited<ReturnType<typeof openAudit>>;
