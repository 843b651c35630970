import { makeConfig } from '../../../lambdas/shared/adapters/config/load-config.ts';
import { catalogResourceSchema } from '../../../lambdas/shared/domain/catalog/catalog.ts';
import { digestOf } from '../../../lambdas/shared/domain/digest.ts';
import type { Guardrails } from '../../../lambdas/shared/domain/guardrails/guardrails.ts';
import type { ApprovalAsk } from '../../../lambdas/shared/domain/verdict.ts';
import type { Case, Rulebook } from '../../../lambdas/validate-decision/decision-case.ts';
import { ofBank } from '../../support/bank.ts';
import type { DecisionCase } from './case-schema.ts';

export const NOW = new Date('2026-11-20T12:00:00.000Z');
export const bank = makeConfig(
  { partition: 'aws', region: 'eu-central-1', accountId: '123456789012' },
  'config',
);

/** Guardrails that allow everything with so many approvals. */
const needing = (approvals: number): Guardrails => ({
  digest: 'sha256:test',
  ask: ({ context }) => ({ allowed: context.approvals >= approvals, policyIds: ['test'], errors: [] }),
});

export function rulebookOf({ given }: DecisionCase): Rulebook {
  const resources = new Map(bank.catalog.resources);
  for (const [key, changes] of Object.entries(given.catalog)) {
    resources.set(key, catalogResourceSchema.parse({ ...resources.get(key), ...changes }));
  }
  return {
    catalog: { digest: bank.catalog.digest, resources },
    guardrails: given.guardrailsNeed === undefined ? bank.guardrails : needing(given.guardrailsNeed),
    approvals: given.approvals ? { version: 1, ...given.approvals } : bank.approvals,
    issuers: bank.issuers,
    digests: bank.digests,
    home: bank.home,
  };
}

export function caseOf({ given }: DecisionCase, rules: Rulebook): Case {
  const principal = { ...ofBank(given.principal), ...given.principalChanges };
  const { subject, ...request } = given.request;
  const { change } = given;
  const asked = askedOf(given, rules);
  return {
    request: {
      requestId: `${given.principal}-01JD3Z9Q2N8K4V6B1C5D7E9F0G`,
      principalId: given.principal,
      reason: 'A job that needs doing.',
      dryRun: false,
      createdAt: NOW.toISOString(),
      ...request,
      ...(subject && { subject: { issuer: 'https://bank.example/issuer', id: subject } }),
      ...(change && {
        change: { ...change, proposalDigest: change.proposalDigest ?? digestOf(change.proposal) },
      }),
    },
    loaded: {
      principal,
      policy: { text: 'Rules.', version: 1, digest: digestOf('Rules.') },
      digests: { principal: digestOf(principal), ...bank.digests, ...given.digests },
      ...(given.changesSignIn !== undefined && { changesSignIn: given.changesSignIn }),
      ...(given.targetPersons && { targetPersons: given.targetPersons }),
    },
    review: reviewOf(given),
    ...(asked && {
      asked,
      evidence: {
        wake: given.wake,
        requesterActive: given.requesterActive,
        discounted: [],
        votes: given.votes.map(({ by: votedBy, person, narrowing, ...vote }) => ({
          ...vote,
          principalId: votedBy,
          person: person ?? ofBank(votedBy).persons[0] ?? votedBy,
          proposalDigest: 'sha256:voted-on',
          votedAt: NOW.toISOString(),
          ...(narrowing && { narrowing }),
        })),
      },
    }),
  };
}

function reviewOf({ review, proposal, attempt }: DecisionCase['given']): Case['review'] {
  const record = { attempt, model: 'test', promptDigest: 'sha256:prompt' };
  if (review) return { ...review, ...record };
  return {
    outcome: 'proposal',
    proposal: {
      approved: true,
      grants: [],
      durationSeconds: 900,
      risk: 'low',
      authorization: 'explicit',
      reason: 'It fits.',
      ...proposal,
    },
    ...record,
  };
}

/** A round that began `elapsed` seconds ago. */
function askedOf(
  { asked, elapsed }: DecisionCase['given'],
  { approvals }: Rulebook,
): ApprovalAsk | undefined {
  if (!asked) return undefined;
  const name = asked.tier ?? 'access-approvers';
  const tier = approvals.tiers.find((candidate) => candidate.name === name);
  if (!tier) throw new Error(`no tier ${name}`);
  const after = (seconds: number) => new Date(NOW.getTime() + (seconds - elapsed) * 1000).toISOString();
  return {
    tier: name,
    quorum: { approvals: 1, stepUp: 0 },
    perGrant: [],
    askedAt: after(0),
    deadline: after(tier.timeoutSeconds),
    ...(tier.reminderSeconds && { remindAt: after(tier.reminderSeconds) }),
    reminded: asked.reminded ?? false,
    waitSeconds: 1,
    nextTiers: [],
    history: (asked.history ?? []).map(([past, because]) => ({ tier: past, endedAt: after(0), because })),
  };
}
