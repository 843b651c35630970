import type { Principal } from '../principal.ts';
import type { OutsideFact } from './outside-fact.ts';

/** Who is on call for each rota, as facts name them: `person:ana`, `principal:admin`. */
export type OnDuty = Readonly<Record<string, readonly string[]>>;

/**
 * Who is on call and could decide on somebody's request. Whoever asks, or owns the agent that does, is not among them: a rota
 * with nobody else on it is one that nobody is on.
 */
export function onDuty(
  inForce: readonly OutsideFact[],
  { id, persons }: Pick<Principal, 'id' | 'persons'>,
): OnDuty {
  const theirs = [`principal:${id}`, ...persons.map((person) => `person:${person}`)];
  const others = inForce.filter(({ name, about }) => name === 'onCall' && !theirs.includes(about));
  const byRota = Map.groupBy(others, ({ value = '' }) => value);
  return Object.fromEntries(
    [...byRota].map(([rota, those]) => [rota, [...new Set(those.map(({ about }) => about))].sort()]),
  );
}

/** Who is on call for a tier; nobody where it has no rota. */
export const dutyOf = (
  { onCall: rota }: { readonly onCall?: string | undefined },
  duty: OnDuty | undefined,
): readonly string[] => (rota !== undefined && duty && Object.hasOwn(duty, rota) ? (duty[rota] ?? []) : []);
