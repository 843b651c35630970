import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { evaluate } from '../../../../policy/evaluate/evaluate.ts';
import { applied, type Situation } from '../../../support/policy/situation.ts';

type LayersCase = {
  readonly title: string;
  readonly situation: Situation;
  readonly outcome: string;
  /** The statements that decide, as layer, policy and statement. */
  readonly by?: readonly string[];
  /** The layers that would have had to allow it. */
  readonly silent?: readonly string[];
};

const cases: LayersCase[] = JSON.parse(readFileSync('test/cases/policy/layers.json', 'utf8'));

test.each(cases)('$title: $outcome', ({ situation, outcome, by: decidedBy, silent }) => {
  const decision = evaluate(situation.request, applied(situation));
  expect(decision.outcome).toBe(outcome);
  if (decision.outcome === 'implicitly-denied') expect(decision.silent).toEqual(silent);
  else {
    const statements = decision.statements.map(
      ({ layer, policyIndex, statement }) => `${layer} ${policyIndex}.${statement.index}`,
    );
    expect(statements).toEqual(decidedBy);
  }
});
