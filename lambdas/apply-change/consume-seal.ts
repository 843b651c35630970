import { digestOf } from '../shared/domain/digest.ts';
import { RequestClosed, SealRefused } from '../shared/domain/errors.ts';
import type { RequestRow } from '../shared/domain/request-row.ts';
import type { RowTransition } from '../shared/domain/row-transition.ts';
import type { Seal } from '../shared/domain/verdict.ts';

export type ConsumePorts = {
  requests: {
    get(requestId: string): Promise<RequestRow | undefined>;
    /** False where the row is not as the transition wants it. */
    transition(requestId: string, transition: RowTransition): Promise<boolean>;
  };
  clock: () => Date;
};

/**
 * Consumes the seal of a change: the first one that is presented for a request is the only one that is ever acted
 * on, and none once the request is closed. The same seal again is a run that broke off, and may go on: what it
 * writes is conditional on the version, so that it is written once. Throws SealRefused or RequestClosed.
 */
export async function consumeSeal(
  requestId: string,
  seal: Seal,
  { requests, clock }: ConsumePorts,
): Promise<void> {
  const sealDigest = digestOf(seal.mac);
  const consumed = await requests.transition(requestId, {
    from: ['PENDING', 'AWAITING_APPROVAL'],
    onlyIf: { absent: ['applying'] },
    set: { applying: { sealDigest, at: clock().toISOString() } },
  });
  if (consumed) return;
  const row = await requests.get(requestId);
  if (row?.status !== 'PENDING' && row?.status !== 'AWAITING_APPROVAL')
    throw new RequestClosed('the request was closed before the change could be applied');
  if (row.applying?.sealDigest !== sealDigest)
    throw new SealRefused('another seal of this request was used before');
}
