import { REGION } from '../../demo/place.ts';
import { AUDIT_READER_ROLE } from '../../infra/names.ts';
import type { AwsEndpoint } from '../aws-endpoint.ts';
import { localArchiveUrl } from '../local-archive-url.ts';
import type { ResolvedTemplate } from '../template/types.ts';

/** What reading and verifying the audit log takes: where its archive is, and a session of the auditors' role. */
export type AuditAccess = {
  archiveUrl: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken: string };
};

/** Lends a session of the role that the template has for auditors. Throws where it has none. */
export function auditAccess({ roles, functions }: ResolvedTemplate, aws: AwsEndpoint): AuditAccess {
  const role = roles.find(({ name }) => name === AUDIT_READER_ROLE);
  const archiveUrl = functions.find(({ env }) => env.ARCHIVE_URL)?.env.ARCHIVE_URL;
  if (!role || !archiveUrl) throw new Error('the template has no archive, or nobody to read it');
  const { accessKeyId, secretAccessKey, sessionToken = '' } = aws.credentials.issueForRole(role.arn, 'audit');
  return {
    archiveUrl: localArchiveUrl(archiveUrl, aws.url),
    region: REGION,
    credentials: { accessKeyId, secretAccessKey, sessionToken },
  };
}
