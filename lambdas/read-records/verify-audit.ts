import type { IsGenuine } from '../shared/domain/audit/is-authentic.ts';
import { verifyChain } from '../shared/domain/audit/verify-chain.ts';
import { type Answer, operation } from '../shared/http/operation.ts';
import { cursorOf, placeOf } from './cursors.ts';
import { verificationSchema, verifiedSchema, verifyAuditSpec } from './record-specs.ts';
import { refuseOthers } from './refuse-others.ts';

export type VerificationPorts = {
  readonly audit: { itemsOf(chain: string, afterSeq?: number): AsyncIterable<unknown> };
  readonly isGenuine: IsGenuine;
};

/** Records that one call verifies. */
const MOST_VERIFIED = 1000;

async function take(
  items: AsyncIterable<unknown>,
  most: number,
): Promise<{ taken: unknown[]; more: boolean }> {
  const taken: unknown[] = [];
  for await (const item of items) {
    if (taken.length >= most) return { taken, more: true };
    taken.push(item);
  }
  return { taken, more: false };
}

export const verifyAudit = operation({
  ...verifyAuditSpec,
  async run({ caller, query }, { audit, isGenuine }: VerificationPorts): Promise<Answer> {
    const chain = query.principal ?? caller.id;
    refuseOthers(caller, chain);
    const after = query.cursor === undefined ? undefined : placeOf(query.cursor, verifiedSchema);
    const { taken, more } = await take(audit.itemsOf(chain, after?.seq), MOST_VERIFIED);
    const { last, finding } = await verifyChain({ chain, items: taken, ...(after && { after }) }, isGenuine);
    const body = verificationSchema.parse({
      chain,
      last,
      ...(finding && { problem: finding }),
      ...(more && !finding && { nextCursor: cursorOf(last) }),
    });
    return { status: 200, body };
  },
});
