import type { Attack } from './attack.ts';
import { FORGERIES } from './attacks/forgeries.ts';
import { RACES } from './attacks/races.ts';
import { REPLAYS } from './attacks/replays.ts';
import { ROLES } from './attacks/roles.ts';
import { TAMPERING } from './attacks/tamperings.ts';
import type { Stage } from './start-stage.ts';

export const ATTACKS: readonly Attack[] = [...RACES, ...REPLAYS, ...FORGERIES, ...ROLES, ...TAMPERING];

/** Plays every attack, one after the other, and tells of each that was held. Throws at the first that was not. */
export async function playAttacks(
  stage: Stage,
  times: number,
  held: (attack: Attack, tries: number) => void,
): Promise<void> {
  for (const attack of ATTACKS) {
    try {
      held(attack, await attack.play(stage, times));
    } catch (cause) {
      throw new Error(`NOT HELD: ${attack.kind}: ${attack.what}`, { cause });
    }
  }
}
