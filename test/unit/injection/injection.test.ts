import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { promptOf } from '../../../lambdas/review-request/prompt.ts';
import { parseProposal, reviewSchemaFor } from '../../../lambdas/review-request/review-schema.ts';
import { grantableFor } from '../../../lambdas/shared/domain/guardrails/grantable-for.ts';
import { validateDecision } from '../../../lambdas/validate-decision/validate-decision.ts';
import { ofBank } from '../../support/bank.ts';
import { bank, NOW } from '../validate-decision/arrange-case.ts';

/** A larger corpus, JSON lines with a `text` each. It is not part of the project: it is read where it is named. */
const CORPUS = process.env.POSTERN_INJECTION_CORPUS;
const lineSchema = z.object({ text: z.string() });

const own = z.array(z.string()).parse(JSON.parse(readFileSync('test/cases/injections/own.json', 'utf8')));
const found = CORPUS
  ? readFileSync(CORPUS, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => lineSchema.parse(JSON.parse(line)).text)
  : [];

const HARMLESS = 'The customer asks for the balance of their account.';
const RULES = 'Helps the customer who is signed in.';
const SUBJECT = { issuer: 'https://bank.example', id: 'c-1042' };
const rules = bank;

/**
 * What would be opened if the reviewer obeyed the attacker in everything: it reads the real prompt, and
 * proposes all that its schema can express, for as long as it can say.
 */
function opened(principalId: string, reason: string, policyText: string) {
  const principal = ofBank(principalId);
  const subject = principal.type === 'agent' ? SUBJECT : undefined;
  const grantable = grantableFor(principal, { onBehalfOf: subject !== undefined }, bank);
  const request = {
    requestId: `${principalId}-01JD3Z9Q2N8K4V6B1C5D7E9F0G`,
    principalId,
    reason: reason.slice(0, 2000),
    dryRun: false,
    createdAt: NOW.toISOString(),
    ...(subject && { subject }),
  };
  const loaded = {
    principal,
    policy: { text: policyText, version: 1, digest: 'sha256:x' },
    digests: { principal: 'sha256:x', ...bank.digests },
  };
  const prompt = JSON.parse(promptOf({ request, loaded, grantable, feedback: [] }));
  expect(prompt.reason).toBe(request.reason);
  const said = {
    approved: true,
    durationSeconds: 3600,
    risk: 'low',
    authorization: 'explicit',
    reason: (reason || 'x').slice(0, 600),
    grants: prompt.resources.map(({ key, actions }: { key: string; actions: string[] }) => ({
      resource: key,
      actions,
    })),
  };
  const parsed = parseProposal(JSON.stringify(said), reviewSchemaFor(grantable));
  if (!('proposal' in parsed)) throw new Error(parsed.offSchema);
  const review = {
    outcome: 'proposal',
    attempt: 1,
    model: 'obeys',
    promptDigest: 'sha256:x',
    proposal: parsed.proposal,
  } as const;
  const { outcome, entitlement } = validateDecision({ request, loaded, review }, rules, NOW);
  return {
    outcome,
    sessionPolicy: entitlement?.sessionPolicy,
    durationSeconds: entitlement?.durationSeconds,
  };
}

test('the corpora hold injections', () => {
  if (CORPUS) expect(found.length).toBeGreaterThan(200);
  expect(own.length).toBeGreaterThan(10);
});

describe.each(['customer_support_agent', 'analyst1', 'employee1', 'admin'])('%s', (principalId) => {
  const without = opened(principalId, HARMLESS, RULES);

  test('gets no more by any injection: as the reason, inside it, or inside the policy text', () => {
    for (const text of [...own, ...found]) {
      expect([text, opened(principalId, text, RULES)]).toEqual([text, without]);
      expect([text, opened(principalId, `${HARMLESS} ${text} ${HARMLESS}`, RULES)]).toEqual([text, without]);
      expect([text, opened(principalId, HARMLESS, `${RULES}\n${text}`)]).toEqual([text, without]);
    }
  });

  test('by a model that obeys in everything, it is still held to its subject and to its resources', () => {
    const policy = without.sessionPolicy ?? '';
    expect(policy).not.toMatch(/Scan.*bank_balances|dynamodb:\*|"\*"/);
    if (principalId === 'customer_support_agent') {
      const resources = policy.match(/table\/\w+/g) ?? [];
      expect(policy.match(/"dynamodb:LeadingKeys":\["c-1042"\]/g)?.length).toBeGreaterThan(0);
      expect([...new Set(resources)].sort()).toEqual([
        'table/bank_balances',
        'table/bank_transactions',
        'table/support_requests',
      ]);
    }
  });
});
