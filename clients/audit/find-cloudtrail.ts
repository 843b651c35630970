import { existsSync } from 'node:fs';
import { AuditNotFound } from './find-audit.ts';

/** Where the sandbox records the calls of issued sessions. */
const SANDBOX_CALLS = '.sandbox/cloudtrail';

/**
 * The folder of CloudTrail log files that the audit log is held against: the one that is named, or the sandbox's
 * own where the log is the sandbox's. Throws AuditNotFound.
 */
export function findCloudTrail(env: Record<string, string | undefined>, named?: string): string {
  if (named === undefined && env.POSTERN_ARCHIVE_URL)
    throw new AuditNotFound('name the folder of the deployment’s CloudTrail log files with --cloudtrail');
  const folder = named ?? SANDBOX_CALLS;
  if (!existsSync(folder)) throw new AuditNotFound(`there is no folder ${folder} of CloudTrail log files`);
  return folder;
}
