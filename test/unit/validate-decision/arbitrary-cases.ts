import fc from 'fast-check';
import { parseProposal, reviewSchemaFor } from '../../../lambdas/review-request/review-schema.ts';
import {
  type Catalog,
  type CatalogResource,
  catalogResourceSchema,
  grantableActions,
} from '../../../lambdas/shared/domain/catalog/catalog.ts';
import { grantableFor } from '../../../lambdas/shared/domain/guardrails/grantable-for.ts';
import type { GuardrailQuestion, Guardrails } from '../../../lambdas/shared/domain/guardrails/guardrails.ts';
import type { Grant, Proposal, Review } from '../../../lambdas/shared/domain/review.ts';
import type { Case, Rulebook } from '../../../lambdas/validate-decision/decision-case.ts';
import { ofBank } from '../../support/bank.ts';
import { attributesOf } from '../../support/row-key.ts';
import { compiled, permits, type Rule, rulesOver } from './arbitrary-guardrails.ts';
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
  (n) => ({
    ...table(n, { read: ['dynamodb:GetItem', 'dynamodb:Query'], write: ['dynamodb:UpdateItem'] }, true),
    leadingKey: 'USER#${subject}#ORDERS',
  }),
  (n) => ({
    ...table(n, { read: ['dynamodb:GetItem', 'dynamodb:Query'], write: ['dynamodb:UpdateItem'] }, true),
    leadingKey: 'TENANT#${subject.tenant}',
  }),
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

/** A case as plain data, so that one that fails can be kept as JSON and tried again. */
export type PlainCase = {
  /** The catalog: of which kind each resource is (an index into `KINDS`), and the number that tells it apart. */
  readonly resources: readonly { readonly n: number; readonly kind: number }[];
  /** Cedar rules; or the approvals each pair needs, by a table, where 4 is never. */
  readonly guardrails: { readonly rules: readonly Rule[] } | { readonly needs: readonly number[] };
  /** A proposal that skips the schema it was asked for; a refusal; or the model's own text, which meets it. */
  readonly review: { readonly proposal: Proposal } | { readonly refused: string } | { readonly said: string };
  readonly principal: string;
  readonly subject?: string;
  readonly durationSeconds?: number;
  readonly reason: string;
  readonly votes: readonly {
    readonly by: string;
    readonly stepUp: boolean;
    readonly narrowing?: { readonly grants?: Grant[]; readonly durationSeconds?: number };
  }[];
};

function catalogOf(entries: PlainCase['resources']): Catalog {
  const resources = entries.map(({ n, kind }) =>
    catalogResourceSchema.parse({
      key: `r${n}_${kind}`,
      ...KINDS[kind]?.(n),
      ...(n % 3 === 2 && { sensitivity: 'restricted' }),
    }),
  );
  return {
    digest: bank.catalog.digest,
    resources: new Map(resources.map((resource) => [resource.key, resource])),
  };
}

/** Approvals that a pair needs, by a table. */
function neededBy(needs: readonly number[], key: string, action: string): number {
  const hash = [...`${key}${action}`].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7);
  return needs[Math.abs(hash) % needs.length] ?? 4;
}

type Allowed = (question: GuardrailQuestion) => boolean;

/** The guardrails as the validator asks them, and as the judge reads them. */
function guardrailsOf(plain: PlainCase, catalog: Catalog): { guardrails: Guardrails; allowed: Allowed } {
  const { guardrails } = plain;
  if ('rules' in guardrails) {
    const { rules } = guardrails;
    return {
      guardrails: compiled(rules, catalog),
      allowed: (question) => permits(rules, question),
    };
  }
  const allowed: Allowed = ({ resource, action, context }) =>
    context.approvals >= neededBy(guardrails.needs, resource.key, action);
  return {
    guardrails: {
      digest: 'sha256:arbitrary',
      ask: (question) => ({ allowed: allowed(question), policyIds: [], errors: [] }),
    },
    allowed,
  };
}

export type ArbitraryCase = { input: Case; rules: Rulebook; allowed: Allowed };

/** The review as ReviewRequest hands it on. */
function reviewOf({ review }: PlainCase, { input, rules }: Pick<ArbitraryCase, 'input' | 'rules'>): Review {
  const record = { attempt: 3, model: 'arbitrary', promptDigest: 'sha256:x' };
  if ('refused' in review) return { outcome: 'refused', detail: review.refused, ...record };
  if ('proposal' in review) return { outcome: 'proposal', proposal: review.proposal, ...record };
  const onBehalfOf = input.request.subject !== undefined;
  const schema = reviewSchemaFor(grantableFor(input.loaded.principal, { onBehalfOf }, rules));
  const parsed = parseProposal(review.said, schema);
  return 'proposal' in parsed
    ? { outcome: 'proposal', proposal: parsed.proposal, ...record }
    : { outcome: 'malformed', detail: parsed.offSchema, ...record };
}

/** The case as the validator is given it. */
export function arrange(plain: PlainCase): ArbitraryCase {
  const catalog = catalogOf(plain.resources);
  const { guardrails, allowed } = guardrailsOf(plain, catalog);
  const votes = plain.votes.map(({ by: votedBy, stepUp, narrowing }) => ({
    decision: 'approve' as const,
    principalId: votedBy,
    person: ofBank(votedBy).persons[0] ?? votedBy,
    tier: 'access-approvers',
    proposalDigest: 'sha256:voted-on',
    votedAt: NOW.toISOString(),
    stepUp,
    ...(narrowing && { narrowing }),
  }));
  const rules: Rulebook = { ...bank, catalog, guardrails };
  const input: Omit<Case, 'review'> = {
    request: {
      requestId: `${plain.principal}-01JD3Z9Q2N8K4V6B1C5D7E9F0G`,
      principalId: plain.principal,
      reason: plain.reason,
      dryRun: false,
      createdAt: NOW.toISOString(),
      ...(plain.durationSeconds !== undefined && { durationSeconds: plain.durationSeconds }),
      ...(plain.subject !== undefined && {
        subject: {
          issuer: 'https://bank.example',
          id: plain.subject,
          ...(attributesOf(plain.subject) && { attributes: attributesOf(plain.subject) }),
        },
      }),
    },
    loaded: {
      principal: ofBank(plain.principal),
      policy: { text: plain.reason, version: 1, digest: 'sha256:x' },
      digests: { principal: 'sha256:x', ...bank.digests },
    },
    evidence: { wake: 'woken', votes, discounted: [], requesterActive: true },
  };
  return { input: { ...input, review: reviewOf(plain, { input: input as Case, rules }) }, rules, allowed };
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
    fc.oneof({ weight: 25, arbitrary: fc.oneof(...known) }, { weight: 1, arbitrary: anything }),
    { maxLength: 6 },
  );
};

const absent = { nil: undefined } as const;

const proposals = (catalog: Catalog): fc.Arbitrary<Proposal> =>
  fc.record({
    approved: fc.nat(20).map((n) => n > 0),
    grants: grantsFrom(catalog),
    durationSeconds: fc.oneof(
      { weight: 8, arbitrary: fc.integer({ min: 900, max: 3600 }) },
      { weight: 1, arbitrary: fc.integer() },
    ),
    risk: fc.constantFrom('low', 'low', 'low', 'medium', 'critical'),
    authorization: fc.constantFrom('explicit', 'explicit', 'explicit', 'implied', 'unclear', 'none'),
    reason: fc.string({ minLength: 1, maxLength: 80 }),
  });

/** A model's output: a proposal, one with a field too many, too few or of another kind, other JSON, or none. */
const outputs = (catalog: Catalog): fc.Arbitrary<string> => {
  const text = proposals(catalog).map((proposal) => JSON.stringify(proposal));
  const field = fc.constantFrom('approved', 'grants', 'durationSeconds', 'risk', 'reason', 'sessionPolicy');
  const broken = fc
    .tuple(proposals(catalog), field, fc.oneof(fc.constant(undefined), fc.jsonValue({ maxDepth: 2 })))
    .map(([proposal, key, value]) => JSON.stringify({ ...proposal, [key]: value }));
  return fc.oneof(
    { weight: 4, arbitrary: text },
    { weight: 4, arbitrary: broken },
    { weight: 1, arbitrary: fc.json() },
    { weight: 1, arbitrary: fc.string() },
  );
};

const reviews = (catalog: Catalog): fc.Arbitrary<PlainCase['review']> =>
  fc.oneof(
    { weight: 14, arbitrary: fc.record({ proposal: proposals(catalog) }) },
    { weight: 4, arbitrary: fc.record({ said: outputs(catalog) }) },
    { weight: 1, arbitrary: fc.record({ refused: fc.string({ maxLength: 40 }) }) },
  );

const votesOn = (catalog: Catalog): fc.Arbitrary<PlainCase['votes'][number][]> => {
  const narrowing = fc.record({
    grants: grantsFrom(catalog).filter((grants) => grants.length > 0),
    durationSeconds: fc.constantFrom(900, 3600),
  });
  return fc
    .subarray(['approver1', 'approver2'])
    .chain((voters) =>
      fc.tuple(
        ...voters.map((voter) =>
          fc
            .record({ stepUp: fc.boolean(), narrowing: fc.option(narrowing, absent) })
            .map(({ stepUp, narrowing: to }) => ({ by: voter, stepUp, ...(to && { narrowing: to }) })),
        ),
      ),
    );
};

type World = Pick<PlainCase, 'resources' | 'guardrails'>;

/** Any catalog, and guardrails over it. */
const worlds: fc.Arbitrary<World> = fc
  .array(fc.nat(KINDS.length - 1), { minLength: 1, maxLength: 6 })
  .chain((kinds) => {
    const resources = kinds.map((kind, n) => ({ n, kind }));
    const rules = rulesOver([...catalogOf(resources).resources.values()]);
    const needs = fc.array(fc.constantFrom(0, 0, 0, 0, 1, 2, 4), { minLength: 1, maxLength: 8 });
    return fc.record({
      resources: fc.constant(resources),
      guardrails: fc.oneof(
        { weight: 2, arbitrary: fc.record({ needs }) },
        { weight: 1, arbitrary: fc.record({ rules }) },
      ),
    });
  });

/** Any principal, review and votes in a world. */
function casesIn(world: World): fc.Arbitrary<PlainCase> {
  const catalog = catalogOf(world.resources);
  return fc
    .record({
      review: reviews(catalog),
      principal: fc.constantFrom('employee1', 'analyst1', 'customer_support_agent'),
      subject: fc.option(fc.constantFrom('c-1042', 'c-2077', 'a.b@c:d'), { ...absent, freq: 3 }),
      durationSeconds: fc.option(fc.integer({ min: 900, max: 3600 }), absent),
      reason: fc.string({ minLength: 10, maxLength: 80 }),
      votes: votesOn(catalog),
    })
    .map(({ subject, durationSeconds, ...rest }) => ({
      ...world,
      ...rest,
      ...(subject !== undefined && { subject }),
      ...(durationSeconds !== undefined && { durationSeconds }),
    }));
}

/** So many cases in one world each time: compiling its guardrails takes longer than deciding. */
export const arbitraryCases = (inOneWorld: number): fc.Arbitrary<PlainCase[]> =>
  worlds.chain((world) =>
    fc.array(casesIn(world), { minLength: inOneWorld, maxLength: inOneWorld, size: 'max' }),
  );
