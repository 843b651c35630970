import fc from 'fast-check';
import {
  type Catalog,
  type CatalogResource,
  catalogResourceSchema,
  grantableActions,
} from '../../../lambdas/shared/domain/catalog.ts';
import type { Guardrails } from '../../../lambdas/shared/domain/guardrails.ts';
import type { Grant } from '../../../lambdas/shared/domain/review.ts';
import type { Case, Rulebook } from '../../../lambdas/validate-decision/facts.ts';
import { ofBank } from '../../support/bank.ts';
import { bank, NOW } from './arrange-case.ts';

const AT = 'eu-central-1:123456789012';

/** One resource of each kind the session policy can be built for; `n` keeps their names apart. */
const KINDS: readonly ((n: number) => Omit<CatalogResource, 'key' | 'ownerRequired'>)[] = [
  (n) =>
    table(
      n,
      {
        read: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:BatchGetItem'],
        write: ['dynamodb:UpdateItem'],
      },
      true,
    ),
  (n) =>
    table(
      n,
      { read: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:Scan'], write: ['dynamodb:PutItem'] },
      false,
    ),
  (n) => ({
    ...common(`arn:aws:dynamodb:${AT}:table/t${n}/index/i${n}`, { read: ['dynamodb:Query'] }),
    kind: 'dynamodb-index',
    subjectScoped: true,
  }),
  (n) => ({
    ...common(`arn:aws:s3:::bucket${n}/files/`, {
      read: ['s3:GetObject', 's3:ListBucket'],
      write: ['s3:PutObject'],
    }),
    kind: 's3-prefix',
    subjectScoped: n % 2 === 0,
  }),
  (n) => ({
    ...common(`arn:aws:sqs:${AT}:queue${n}`, { read: ['sqs:ReceiveMessage'], write: ['sqs:SendMessage'] }),
    kind: 'sqs-queue',
  }),
  (n) => ({
    ...common(`arn:aws:secretsmanager:${AT}:secret:s${n}`, { read: ['secretsmanager:GetSecretValue'] }),
    kind: 'secret',
  }),
  (n) => ({
    ...common(`arn:aws:lambda:${AT}:function:f${n}`, { write: ['lambda:InvokeFunction'] }),
    kind: 'lambda-function',
  }),
  (n) => ({
    ...common(`arn:aws:cognito-idp:${AT}:userpool/eu-central-1_p${n}`, {
      read: ['cognito-idp:AdminGetUser'],
    }),
    kind: 'cognito-user-pool',
  }),
  (n) => ({ ...common(`arn:aws:sns:${AT}:topic${n}`, { write: ['sns:Publish'] }), kind: 'exact-arns' }),
];

function common(arn: string, actions: CatalogResource['actions']) {
  return {
    arns: [arn],
    purpose: 'Something that is brokered',
    sensitivity: 'internal' as const,
    actions,
    maxDurationSeconds: 1800,
    subjectScoped: false,
  };
}
const table = (n: number, actions: CatalogResource['actions'], subjectScoped: boolean) => ({
  ...common(`arn:aws:dynamodb:${AT}:table/t${n}`, actions),
  kind: 'dynamodb-table' as const,
  subjectScoped,
});

const catalogs = fc.array(fc.nat(KINDS.length - 1), { minLength: 1, maxLength: 6 }).map((kinds): Catalog => {
  const resources = kinds.map((kind, n) =>
    catalogResourceSchema.parse({ key: `r${n}_${kind}`, ...KINDS[kind]?.(n) }),
  );
  return {
    digest: bank.catalog.digest,
    resources: new Map(resources.map((resource) => [resource.key, resource])),
  };
});

/** Guardrails that need so many approvals for each pair, by a table; 4 is never. */
export function guardrailsOf(
  needs: readonly number[],
): Guardrails & { needs(key: string, action: string): number } {
  const needsOf = (key: string, action: string) => {
    const at = [...`${key}${action}`].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7);
    return needs[Math.abs(at) % needs.length] ?? 4;
  };
  return {
    digest: 'sha256:arbitrary',
    needs: needsOf,
    ask: ({ resource, action, context }) => ({
      allowed: context.approvals >= needsOf(resource.key, action),
      policyIds: [],
      errors: [],
    }),
  };
}

const HOSTILE = [
  '*',
  'dynamodb:*',
  'dynamodb:Scan',
  'iam:PassRole',
  '__proto__',
  'r0',
  '$' + '{aws:username}',
  's3:Get*',
  'dynamodb:getitem',
  '',
];

/** Grants as a model could propose them: mostly what there is, now and then anything at all. */
const grantsFrom = (catalog: Catalog): fc.Arbitrary<Grant[]> => {
  const known = [...catalog.resources.values()].map((resource) =>
    fc
      .subarray(grantableActions(resource), { minLength: 1 })
      .map((actions): Grant => ({ resource: resource.key, actions })),
  );
  const word = fc.oneof(
    fc.constantFrom(...HOSTILE, ...catalog.resources.keys()),
    fc.string({ maxLength: 20 }),
  );
  const anything = fc.record({ resource: word, actions: fc.array(word, { minLength: 1, maxLength: 4 }) });
  return fc.array(
    fc.oneof({ weight: 12, arbitrary: fc.oneof(...known) }, { weight: 1, arbitrary: anything }),
    { maxLength: 6 },
  );
};

const narrowings = (catalog: Catalog) =>
  fc.option(
    fc.record({
      grants: grantsFrom(catalog).filter((grants) => grants.length > 0),
      durationSeconds: fc.constantFrom(900, 3600),
    }),
    { nil: undefined },
  );

export type ArbitraryCase = {
  of: Case;
  rules: Rulebook & { guardrails: ReturnType<typeof guardrailsOf> };
  approvals: number;
};

/** Any catalog, guardrails, principal, review and votes. */
export const arbitraryCases: fc.Arbitrary<ArbitraryCase> = catalogs.chain((catalog) =>
  fc
    .record({
      needs: fc.array(fc.constantFrom(0, 0, 0, 1, 2, 4), { minLength: 1, maxLength: 8 }),
      grants: grantsFrom(catalog),
      durationSeconds: fc.oneof(
        { weight: 8, arbitrary: fc.integer({ min: 900, max: 3600 }) },
        { weight: 1, arbitrary: fc.integer() },
      ),
      approved: fc.boolean().map((no) => no || true),
      refused: fc.integer({ min: 0, max: 20 }).map((n) => n === 0),
      subject: fc.option(fc.constantFrom('c-1042', 'c-2077', 'a.b@c:d'), { nil: undefined, freq: 3 }),
      reason: fc.string({ minLength: 10, maxLength: 80 }),
      principal: fc.constantFrom('employee1', 'analyst1', 'customer_support_agent'),
      voters: fc.subarray(['approver1', 'approver2']),
      narrowing: narrowings(catalog),
      risk: fc.constantFrom('low', 'low', 'medium', 'critical'),
    })
    .map((it): ArbitraryCase => {
      const record = { attempt: 3, model: 'arbitrary', promptDigest: 'sha256:x' };
      const principal = ofBank(it.principal);
      const votes = it.voters.map((id) => ({
        decision: 'approve' as const,
        principalId: id,
        person: ofBank(id).persons[0] ?? id,
        tier: 'access-approvers',
        proposalDigest: 'sha256:voted-on',
        votedAt: NOW.toISOString(),
        stepUp: false,
        ...(it.narrowing && { narrowing: it.narrowing }),
      }));
      return {
        approvals: votes.length,
        rules: { ...bank, catalog, guardrails: guardrailsOf(it.needs) },
        of: {
          request: {
            requestId: `${it.principal}-01JD3Z9Q2N8K4V6B1C5D7E9F0G`,
            principalId: it.principal,
            reason: it.reason,
            dryRun: false,
            createdAt: NOW.toISOString(),
            ...(it.subject && { subject: { issuer: 'https://bank.example', id: it.subject } }),
          },
          loaded: {
            principal,
            policy: { text: it.reason, version: 1, digest: 'sha256:x' },
            digests: { principal: 'sha256:x', ...bank.digests },
          },
          evidence: { wake: 'woken', votes, discounted: [], requesterActive: true },
          review: it.refused
            ? { outcome: 'refused', detail: it.reason, ...record }
            : {
                outcome: 'proposal',
                ...record,
                proposal: {
                  approved: it.approved,
                  grants: it.grants,
                  durationSeconds: it.durationSeconds,
                  risk: it.risk as 'low',
                  authorization: 'explicit',
                  reason: it.reason,
                },
              },
        },
      };
    }),
);
