/** Thrown where a proof has taken all the steps it was given; the answer is then *unknown*. */
export class OutOfSteps extends Error {
  override name = 'OutOfSteps';
}

/**
 * What a proof may still spend. It counts steps and no time, so that the same question has the same answer on every
 * machine, however busy.
 */
export type Budget = {
  /** Throws OutOfSteps where fewer are left. */
  readonly spend: (steps: number) => void;
  readonly spent: () => number;
};

export function makeBudget(most: number): Budget {
  let spent = 0;
  return {
    spend: (steps) => {
      spent += steps;
      if (spent > most) throw new OutOfSteps(`more than ${most} steps`);
    },
    spent: () => spent,
  };
}
