import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compareEvaluators, explainDisagreement } from '../../../support/policy/compare-evaluators.ts';
import { KNOWN_DISAGREEMENTS } from '../../../support/policy/known-disagreements.ts';
import type { Situation } from '../../../support/policy/situation.ts';

type Disagreement = {
  readonly title: string;
  /** Who is right by AWS's documentation. */
  readonly right: 'ours' | 'theirs';
  readonly why: string;
  readonly documentation: string;
  readonly situation: Situation;
  readonly ours: string;
  readonly theirs: string;
};

const FOLDER = 'test/cases/policy/disagreements';
const cases = readdirSync(FOLDER).map((file) => {
  const disagreement: Disagreement = JSON.parse(readFileSync(`${FOLDER}/${file}`, 'utf8'));
  return { name: file.replace('.json', ''), ...disagreement };
});

test('each disagreement with the simulator is explained, and each explanation is of one', () => {
  expect(cases.map(({ name }) => name).sort()).toEqual(Object.keys(KNOWN_DISAGREEMENTS).sort());
});

test.each(cases)('$name: $title', async ({ name, situation, ours, theirs, documentation, why }) => {
  expect(await compareEvaluators(situation)).toEqual({ ours, theirs });
  expect(await explainDisagreement(situation, ours)).toContain(name);
  expect(documentation).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
  expect(why.length).toBeGreaterThan(80);
});
