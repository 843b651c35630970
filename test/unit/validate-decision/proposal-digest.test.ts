import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as z from 'zod';
import type { AccessRequest } from '../../../lambdas/shared/domain/access-request.ts';
import { validateDecision } from '../../../lambdas/validate-decision/validate-decision.ts';
import { caseOf, NOW, rulebookOf } from './arrange-case.ts';
import { caseSchema, type DecisionCase } from './case-schema.ts';

const cases = z
  .array(caseSchema)
  .parse(JSON.parse(readFileSync('test/cases/validate-decision/approval.json', 'utf8')));
const given = cases.find(({ then }) => then.outcome === 'needs_approval') as DecisionCase;
const rules = rulebookOf(given);

/** The digest that people's votes on a request are bound to. */
function digestOfProposal(request: Partial<AccessRequest> = {}, seconds?: number): string {
  const asked = caseOf(given, rules);
  const { review } = asked;
  if (review.outcome !== 'proposal') throw new Error('the case proposes nothing');
  const proposal = { ...review.proposal, ...(seconds && { durationSeconds: seconds }) };
  const decided = { ...asked, request: { ...asked.request, ...request }, review: { ...review, proposal } };
  const verdict = validateDecision(decided, rules, NOW);
  expect(verdict.outcome).toBe('needs_approval');
  return verdict.proposalDigest;
}

test('the same request again is the same proposal, whatever its id and time', () => {
  const again = {
    requestId: `${given.given.principal}-01JD3Z9Q2N8K4V6B1C5D7E9F0H`,
    createdAt: '2026-11-21T12:00:00.000Z',
  };
  expect(digestOfProposal(again)).toBe(digestOfProposal());
});

test.each<[string, Partial<AccessRequest>, number?]>([
  ['reason', { reason: 'A job that needs doing, for a friend.' }],
  ['reason, by one blank', { reason: 'A job that  needs doing.' }],
  ['requester', { principalId: 'analyst1' }],
  ['subject', { subject: { issuer: 'https://bank.example/issuer', id: 'c-9' } }],
  ['reference', { references: ['OPS-12'] }],
  ['duration', {}, 1234],
])('another %s is another proposal', (_, request, seconds) => {
  expect(digestOfProposal(request, seconds)).not.toBe(digestOfProposal());
});
