import { createHash } from 'node:crypto';
import { keyOfExchange } from '../../lambdas/shared/domain/audit/call-exchange.ts';
import type { Headers } from '../mask/mask-answer.ts';
import type { Capture } from './capture.ts';
import { describeExchange, type Exchange } from './describe-exchange.ts';

/** A call on its way: what was sent, and answered, so far. */
export type RunningExchange = Omit<Exchange, 'sent' | 'answer'> & {
  readonly sent: Capture;
  readonly answered: Capture;
  head?: { readonly status: number; readonly headers: Headers };
};

/** False where an object of this key is there already. */
export type ExchangeArchive = { putOnce(key: string, body: string): Promise<boolean> };

/** Answers the digest of what was kept; undefined where nothing was. */
export type KeepExchange = (exchange: RunningExchange) => Promise<string | undefined>;

/**
 * Keeps what a call sent and was answered. The call is over and answered: where the archive does not take it, that is
 * logged, and its record has no digest of it.
 */
export function makeKeepExchange(
  archive: ExchangeArchive | undefined,
  log: (facts: Record<string, unknown>) => void,
): KeepExchange {
  return async ({ sent, answered, head, ...others }) => {
    if (!archive) return undefined;
    const { session, callId } = others;
    try {
      const exchange: Exchange = {
        ...others,
        sent: sent.captured(),
        ...(head && { answer: { status: head.status, headers: head.headers, body: answered.captured() } }),
      };
      const text = JSON.stringify(describeExchange(exchange));
      const isNew = await archive.putOnce(keyOfExchange(session, callId), text);
      return isNew ? createHash('sha256').update(text).digest('hex') : undefined;
    } catch (error) {
      log({ lost: 'bodies', session, callId, because: error instanceof Error ? error.name : 'unknown' });
      return undefined;
    }
  };
}
