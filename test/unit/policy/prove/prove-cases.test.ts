import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { prover } from './attack.ts';
import { oursAllows } from './both-evaluators.ts';
import { FOLDER, questionOf, readCases } from './proof-cases.ts';

describe.each(readdirSync(FOLDER))('%s', (file) => {
  test.each(readCases(file))('$name: $verdict', (proofCase) => {
    const { verdict, why, request } = proofCase;
    const question = questionOf(proofCase);
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
