import { createHash } from 'node:crypto';
import { makeArchiveBucket } from '../../lambdas/shared/adapters/audit/archive-bucket.ts';
import {
  type CallExchange,
  callExchangeSchema,
  keyOfExchange,
} from '../../lambdas/shared/domain/audit/call-exchange.ts';
import type { CallRecord } from '../../lambdas/shared/domain/audit/call-record.ts';
import { findAudit } from '../audit/find-audit.ts';
import { ordinaryIdentity } from '../sdk/caller-identity.ts';

/** What was read of the archive is not what its signed record says was written. */
export class ExchangeAltered extends Error {
  override name = 'ExchangeAltered';
}

/** As whom the archive is read, where that is said. */
export type ArchiveOptions = { readonly archiveProfile?: string; readonly region?: string };

/**
 * Reads what calls sent and were answered, as an auditor: from the archive, which has its readers in CloudTrail. Throws
 * AuditNotFound; reading throws DependencyUnavailable where the archive does not let the caller read.
 */
export async function openExchanges(
  env: Record<string, string | undefined>,
  { archiveProfile: profile, region: named }: ArchiveOptions,
) {
  const found = findAudit(env);
  const identity =
    profile === undefined ? found.identity : ordinaryIdentity({ profile, ...(named && { region: named }) });
  const { archiveUrl } = found;
  const region = await identity.region();
  const bucket = makeArchiveBucket({ url: archiveUrl, region, credentials: identity.credentials });
  /** Undefined where nothing was kept. Throws ExchangeAltered. */
  return async ({ session, facts }: CallRecord): Promise<CallExchange | undefined> => {
    if (facts.exchangeSha256 === undefined) return undefined;
    const text = await bucket.get(keyOfExchange(session, facts.callId));
    const digest = text === undefined ? 'missing' : createHash('sha256').update(text).digest('hex');
    if (text === undefined || digest !== facts.exchangeSha256) {
      throw new ExchangeAltered(
        `what is archived of call ${facts.callId} is ${text === undefined ? 'gone' : 'not what its record says'}`,
      );
    }
    return callExchangeSchema.parse(JSON.parse(text));
  };
}
export type ReadExchange = Awaited<ReturnType<typeof openExchanges>>;
