import { readFileSync } from 'node:fs';
import { makeCedarGuardrails } from '../../../lambdas/shared/adapters/config/cedar-guardrails.ts';
import { makeConfig } from '../../../lambdas/shared/adapters/config/load-config.ts';
import { readConfigFiles } from '../../../lambdas/shared/adapters/config/read-config.ts';
import type { Change } from '../../../lambdas/shared/domain/access-request.ts';
import { textOfBundle } from '../../../lambdas/shared/domain/bundle/bundle.ts';
import type { HeldCall } from '../../../lambdas/shared/domain/calls/held-call.ts';
import { catalogResourceSchema } from '../../../lambdas/shared/domain/catalog/catalog.ts';
import { resolveGrants } from '../../../lambdas/shared/domain/catalog/resolve-grants.ts';
import { digestOf } from '../../../lambdas/shared/domain/digest.ts';
import { APPLY_CHANGE, type Guardrails } from '../../../lambdas/shared/domain/guardrails/guardrails.ts';
import type { OutsideFact } from '../../../lambdas/shared/domain/outside/outside-fact.ts';
import { pinRules } from '../../../lambdas/shared/domain/rule-pins.ts';
import type { ApprovalAsk } from '../../../lambdas/shared/domain/verdict.ts';
import type { Case, Rulebook } from '../../../lambdas/validate-decision/decision-case.ts';
import { mergeGrants } from '../../../lambdas/validate-decision/merge-grants.ts';
import { ofBank } from '../../support/bank.ts';
import { heldCall } from '../../support/held-call.ts';
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

function guardrailsOf({ guardrailsNeed, guardrailsMore }: DecisionCase['given']): Guardrails {
  if (guardrailsNeed !== undefined) return needing(guardrailsNeed);
  if (!guardrailsMore) return bank.guardrails;
  const text = [readFileSync('config/guardrails.cedar', 'utf8'), ...guardrailsMore].join('\n');
  return makeCedarGuardrails(text, readConfigFiles('config').catalog, digestOf(text));
}

export function rulebookOf({ given }: DecisionCase): Rulebook {
  const resources = new Map(bank.catalog.resources);
  for (const [key, changes] of Object.entries(given.catalog)) {
    resources.set(key, catalogResourceSchema.parse({ ...resources.get(key), ...changes }));
  }
  return {
    catalog: {
      digest: bank.catalog.digest,
      resources,
      ...(given.parts && { parts: new Map(Object.entries(given.parts)) }),
    },
    guardrails: guardrailsOf(given),
    approvals: given.approvals ? { version: 1, ...given.approvals } : bank.approvals,
    issuers: bank.issuers,
    digests: bank.digests,
    home: bank.home,
  };
}

export function caseOf({ given }: DecisionCase, rules: Rulebook): Case {
  const principal = { ...ofBank(given.principal), ...given.principalChanges };
  const { subject, attributes, ...request } = given.request;
  const { change, call } = given;
  const asked = askedOf(given, rules);
  return {
    request: {
      requestId: `${given.principal}-01JD3Z9Q2N8K4V6B1C5D7E9F0G`,
      principalId: given.principal,
      reason: 'A job that needs doing.',
      dryRun: false,
      createdAt: NOW.toISOString(),
      ...request,
      ...(subject && {
        subject: { issuer: 'https://bank.example/issuer', id: subject, ...(attributes && { attributes }) },
      }),
      ...(call && { call: callOf(call) }),
      ...(change && { change: changeOf(change) }),
    },
    loaded: {
      principal,
      policy: { text: 'Rules.', version: 1, digest: digestOf('Rules.') },
      digests: { principal: digestOf(principal), ...bank.digests, ...given.digests },
      ...(given.outside && { outside: given.outside.map(factOf) }),
      ...(given.changesSignIn !== undefined && { changesSignIn: given.changesSignIn }),
      ...(given.keepsSignIn && { keepsSignIn: true }),
      ...(given.leavesNoApprover && { leavesNoApprover: true }),
      ...(given.ownPasskeys && { ownPasskeys: given.ownPasskeys }),
      ...(given.targetPersons && { targetPersons: given.targetPersons }),
    },
    review: reviewOf(given),
    ...(given.pinned && { pinned: pinnedOf(given, given.pinned, rules) }),
    ...(asked && {
      asked,
      evidence: {
        wake: given.wake,
        ...(given.outsideAtTally && { outside: given.outsideAtTally }),
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

const factOf = ({
  seconds,
  ...fact
}: NonNullable<DecisionCase['given']['outside']>[number]): OutsideFact => ({
  source: 'pager',
  kid: '2026-11',
  issuedAt: new Date(NOW.getTime() - 60_000).toISOString(),
  expiresAt: new Date(NOW.getTime() + seconds * 1000).toISOString(),
  ...fact,
});

function changeOf({ parts, ...change }: NonNullable<DecisionCase['given']['change']>): Change {
  const proposal = parts ? textOfBundle(parts) : change.proposal;
  return { ...change, proposal, proposalDigest: change.proposalDigest ?? digestOf(proposal) };
}

/** The deletion of tables, as a gateway tells it. */
const callOf = ({
  on,
  quorum: [approvals, stepUp],
}: NonNullable<DecisionCase['given']['call']>): HeldCall => ({
  ...heldCall,
  needs: on.map((arn) => ({ action: 'dynamodb:DeleteTable', on: arn })),
  quorum: { approvals, stepUp },
});

/** What the first round pinned, which is as it is now but for what the case changes. */
function pinnedOf(
  { principal, proposal, change }: DecisionCase['given'],
  { entries, ...guardrails }: NonNullable<DecisionCase['given']['pinned']>,
  rules: Rulebook,
): NonNullable<Case['pinned']> {
  const guard = {
    resource: change?.kind === 'principal' ? 'users_table' : 'policy_table',
    actions: [APPLY_CHANGE],
  };
  const { grants } = resolveGrants(change ? [guard] : mergeGrants(proposal?.grants ?? []), rules.catalog);
  const now = pinRules(ofBank(principal), grants, rules);
  return { ...now, ...guardrails, entries: { ...now.entries, ...entries } };
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
