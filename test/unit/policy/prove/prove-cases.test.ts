import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { ProofAnswer } from '../../../../policy/prove/prove.ts';
import { prover } from './attack.ts';
import { oursAllows } from './both-evaluators.ts';
import type { Document, PolicySet, StatementDocument } from './policy-sets.ts';

/** Statements by the layer that they stand in: a policy each. */
type Layers = {
  readonly identity: readonly StatementDocument[];
  readonly boundary?: readonly StatementDocument[];
  readonly session?: readonly StatementDocument[];
  readonly scp?: readonly (readonly StatementDocument[])[];
};

type ProofCase = {
  readonly name: string;
  readonly candidate: Layers;
  readonly reference: Layers;
  readonly verdict: ProofAnswer['verdict'];
  readonly why?: string;
  /** What the request that shows it has, as far as it is not free. */
  readonly request?: Record<string, unknown>;
};

const FOLDER = 'test/cases/prove';
const document = (Statement: readonly StatementDocument[]): Document => ({
  Version: '2012-10-17',
  Statement,
});
const setOf = ({ identity, boundary, session, scp }: Layers): PolicySet => ({
  identity: [document(identity)],
  ...(boundary && { boundary: document(boundary) }),
  ...(session && { session: document(session) }),
  ...(scp && { scp: scp.map(document) }),
});

describe.each(readdirSync(FOLDER))('%s', (file) => {
  const cases: ProofCase[] = JSON.parse(readFileSync(`${FOLDER}/${file}`, 'utf8'));

  test.each(cases)('$name: $verdict', ({ candidate, reference, verdict, why, request }) => {
    const question = { candidate: setOf(candidate), reference: setOf(reference) };
    const answer = prover(question, {});
    expect(answer).toMatchObject({ verdict, ...(why && { why }) });
    if (answer.verdict !== 'wider') return;
    if (request) expect(answer.request).toMatchObject(request);
    expect([
      oursAllows(question.candidate, answer.request),
      oursAllows(question.reference, answer.request),
    ]).toEqual([true, false]);
  });
});
