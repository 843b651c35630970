import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { ordinaryIdentity } from '../sdk/caller-identity.ts';
import type { AuditPlace } from './open-audit.ts';

/** What `.sandbox/access.json` tells of the audit log. */
const accessSchema = z.object({
  aws: z.url(),
  audit: z.object({
    archiveUrl: z.url(),
    region: z.string(),
    credentials: z.object({
      accessKeyId: z.string(),
      secretAccessKey: z.string(),
      sessionToken: z.string(),
    }),
  }),
});

const ACCESS_FILE = '.sandbox/access.json';

/** What is wrong with how the command was called, in one line that says what to do. */
export class AuditNotFound extends Error {
  override readonly name = 'AuditNotFound';
}

/**
 * The audit log that a command is about: on AWS where `POSTERN_ARCHIVE_URL` names its archive, read with the
 * ordinary AWS credentials; else that of the sandbox which runs in this folder.
 */
export function findAudit(env: Record<string, string | undefined>, accessFile = ACCESS_FILE): AuditPlace {
  const { POSTERN_ARCHIVE_URL: archiveUrl } = env;
  if (archiveUrl) return { archiveUrl, identity: ordinaryIdentity() };
  let access: z.infer<typeof accessSchema>;
  try {
    access = accessSchema.parse(JSON.parse(readFileSync(accessFile, 'utf8')));
  } catch {
    throw new AuditNotFound(
      `no audit log: run "npm start" in this folder, or set POSTERN_ARCHIVE_URL to the stack's ArchiveUrl`,
    );
  }
  const { region, credentials, archiveUrl: local } = access.audit;
  return {
    archiveUrl: local,
    endpoint: access.aws,
    identity: { credentials: async () => credentials, region: async () => region },
  };
}
