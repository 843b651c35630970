import { RESTORED_CHAIN } from '../../lambdas/shared/domain/audit/audit-record.ts';
import {
  isAfterRestore,
  nameOfLost,
  type Restoration,
} from '../../lambdas/shared/domain/audit/restoration.ts';
import type { Finding } from '../../lambdas/shared/domain/audit/verify-chain.ts';
import type { HeldAgainstArchive } from './hold-against-archive.ts';
import type { SignedPlace } from './read-heads.ts';

/**
 * Keeps account of what restorations say to have lost. A record counts as lost where the archive shows that the chain
 * went on without it, or where heads alone tell of it, signed after the restored time, and it neither stands nor was archived.
 */
export function accountForLost(lost: ReadonlyMap<string, Restoration>) {
  const accounted = new Set<string>();
  const account = (name: string) => accounted.add(name);

  return {
    /** Hashes by place that signed heads name and that must stand; of two for one place, what was signed first. */
    placesOf(
      chain: string,
      signed: readonly SignedPlace[],
      { present, superseded }: Pick<HeldAgainstArchive, 'present' | 'superseded'>,
    ): ReadonlyMap<number, string> {
      for (const record of superseded) account(nameOfLost(record));
      const branch = new Set(superseded.map(({ hash }) => hash));
      const places = new Map<number, string>();
      for (const { seq, hash, signedAt } of signed) {
        const name = nameOfLost({ chain, seq, hash });
        const restoration = lost.get(name);
        const isLost =
          restoration &&
          (branch.has(hash) || (!present.has(hash) && isAfterRestore(signedAt, restoration.restoredTo)));
        if (isLost) account(name);
        else if (!places.has(seq)) places.set(seq, hash);
      }
      return places;
    },

    /** The `restored` records that name anything which no restoration to their time can have lost. */
    overreaching(restorations: readonly Restoration[]): Finding[] {
      return restorations
        .filter(({ lost: named }) => named.some((record) => !accounted.has(nameOfLost(record))))
        .map(({ seq, eventId }) => ({ chain: RESTORED_CHAIN, seq, eventId, problem: 'overreaching' }));
    },
  };
}
