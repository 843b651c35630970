import type { Stage } from './start-stage.ts';

/** One thing that an attacker does, again and again. */
export type Attack = {
  readonly kind: 'race' | 'replay' | 'forgery' | 'tampering' | 'role';
  readonly what: string;
  /** Plays it about so many times and answers how many it were. Throws where one of them was not held. */
  play(stage: Stage, times: number): Promise<number>;
};
