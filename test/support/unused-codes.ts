import { totpOf } from '../../lambdas/shared/votes/check-step-up.ts';

const PERIOD_MS = 30_000;
/** Periods whose codes count, beside now's: now's own first, which a period's end meanwhile does not outdate. */
const COUNTING = [0, 1, -1];

/**
 * Codes of people's authenticators that were not used yet, of the periods that count: each code counts once. At most
 * three of a person within half a minute.
 */
export function unusedCodes(secrets: () => Readonly<Record<string, string>>): (id: string) => string {
  const used = new Set<string>();
  return (id) => {
    const now = Math.floor(Date.now() / PERIOD_MS);
    const period = COUNTING.map((delta) => now + delta).find((each) => !used.has(`${id} ${each}`));
    if (period === undefined) throw new Error(`all codes of ${id} that count now are used`);
    used.add(`${id} ${period}`);
    return totpOf(secrets()[id] ?? '').generate({ timestamp: period * PERIOD_MS });
  };
}
