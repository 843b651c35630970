import { expect, test } from 'vitest';
import { catalogResourceSchema } from '../../../lambdas/shared/domain/catalog/catalog.ts';
import { resolveGrants } from '../../../lambdas/shared/domain/catalog/resolve-grants.ts';
import { roleReference } from '../../../lambdas/shared/domain/proof/role-reference.ts';
import { buildSessionPolicy } from '../../../lambdas/shared/domain/session-policy/build-session-policy.ts';
import type { Verdict } from '../../../lambdas/shared/domain/verdict.ts';
import { proveVerdict } from '../../../lambdas/validate-decision/prove-verdict.ts';
import { proveSession } from '../../../policy/prove/prove-session.ts';
import { entitlement, grantedState } from '../../support/example-state.ts';
import { bank } from './arrange-case.ts';

const { request } = grantedState();
const subject = { issuer: 'https://idp.example', id: 'c-1042' };

/** A verdict that would grant this, with a session policy that may be another one than its grants have. */
function granting(sessionPolicy: string, grants = entitlement.grants): Verdict {
  return {
    outcome: 'grant',
    reasons: [],
    decidedAt: '2026-11-20T12:00:00.000Z',
    proposalDigest: 'sha256:proposal',
    policyIds: [],
    approvers: [],
    entitlement: { ...entitlement, grants, sessionPolicy },
  };
}
const built = (grants: typeof entitlement.grants, subjectId?: string) =>
  buildSessionPolicy(resolveGrants(grants, bank.catalog).grants, subjectId);
const balances = [{ resource: 'bank_balances', actions: ['dynamodb:GetItem', 'dynamodb:Query'] }];

test('what the builder builds is proved, and the proof is in the verdict', () => {
  const verdict = proveVerdict(granting(built(entitlement.grants)), { request }, bank, () => 0);
  expect(verdict).toMatchObject({
    outcome: 'grant',
    proof: { verdict: 'within', referenceDigest: expect.stringMatching(/^sha256:/), milliseconds: 0 },
  });
});

test.each([
  ['a wildcard for the table', (text: string) => text.replace('table/bank_balances', 'table/*')],
  ['another subject', (text: string) => text.replace('c-1042', 'c-2077')],
  ['no Null', (text: string) => text.replace(/,"Null":\{[^}]*\}/, '')],
  ['no condition', (text: string) => text.replace(/"Condition":\{.*?\}\},/, '')],
  [
    'an action more',
    (text: string) => text.replace('"dynamodb:GetItem"', '"dynamodb:GetItem","dynamodb:Scan"'),
  ],
])('a session policy with %s is a denial, with a request that shows it', (_, alter) => {
  const right = built(balances, subject.id);
  const altered = alter(right);
  expect(altered).not.toBe(right);
  const verdict = proveVerdict(
    granting(altered, balances),
    { request: { ...request, subject } },
    bank,
    () => 0,
  );
  expect(verdict).toMatchObject({
    outcome: 'deny',
    reasons: [{ code: 'session_too_wide' }],
    proof: { verdict: 'wider', counterexample: { action: expect.stringMatching(/^dynamodb:/) } },
  });
  expect(verdict.entitlement).toBeUndefined();
});

test('what cannot be read is not proved: a malfunction', () => {
  expect(() => proveVerdict(granting('not JSON'), { request }, bank, () => 0)).toThrow(
    expect.objectContaining({ name: 'SessionNotProved' }),
  );
});

test('a denial has nothing to prove', () => {
  const denial: Verdict = { ...granting('not JSON'), outcome: 'deny' };
  expect(proveVerdict(denial, { request }, bank, () => 0)).toBe(denial);
});

/** A catalog of one entry, with whatever it needs beside. */
function catalogOf(entry: object) {
  const resource = catalogResourceSchema.parse({
    key: 'thing',
    purpose: 'Something that is granted in a test.',
    sensitivity: 'internal',
    maxDurationSeconds: 900,
    ...entry,
  });
  return { catalog: { digest: 'sha256:catalog', resources: new Map([['thing', resource]]) } };
}

/** The outcome for all actions of a catalog's one entry, as the builder builds it. */
function outcomeOf(entry: object, subjectId?: string): string {
  const rules = catalogOf(entry);
  const grants = [...rules.catalog.resources.values()].map((resource) => ({
    resource: resource.key,
    actions: Object.values(resource.actions).flat(),
  }));
  const sessionPolicy = buildSessionPolicy(resolveGrants(grants, rules.catalog).grants, subjectId);
  const asked = {
    ...request,
    ...(subjectId !== undefined && { subject: { issuer: 'https://idp.example', id: subjectId } }),
  };
  // The brokered role takes it too, or it could never be minted.
  expect(proveSession(sessionPolicy, roleReference([...rules.catalog.resources.values()]))).toEqual({
    verdict: 'within',
  });
  return proveVerdict(granting(sessionPolicy, grants), { request: asked }, rules, () => 0).outcome;
}

const SUBJECTS = [
  'c-1042',
  'auth0|5f7c8ec7c33c6c004bbafe82',
  'a/b',
  '*',
  'x?y',
  '${aws:username}',
  '..',
  'sha256:x',
  '-+=/',
];
const table = {
  kind: 'dynamodb-table',
  arns: ['arn:aws:dynamodb:eu-central-1:123456789012:table/rows'],
  actions: { read: ['dynamodb:GetItem'] },
};
const prefix = {
  kind: 's3-prefix',
  arns: ['arn:aws:s3:::bucket/users/'],
  actions: { read: ['s3:GetObject', 's3:ListBucket'] },
};

test.each(SUBJECTS)('rows and folders of the subject %s are proved to be its own', (subjectId) => {
  expect(outcomeOf({ ...table, subjectScoped: true }, subjectId)).toBe('grant');
  expect(outcomeOf({ ...prefix, subjectScoped: true }, subjectId)).toBe('grant');
});

test.each(['aws:eu-central-1', 'aws-cn:cn-north-1', 'aws-us-gov:us-gov-west-1'])(
  'whatever kind an entry is of, what is built for it is proved, in %s',
  (place) => {
    const [partition = '', region = ''] = place.split(':');
    const arn = (service: string, resource: string) =>
      `arn:${partition}:${service}:${region}:123456789012:${resource}`;
    const kmsKeyArn = arn('kms', 'key/0ab1dd72-ca83-5cca-9f4d-4c783563e285');
    const entries = [
      {
        kind: 'dynamodb-table',
        arns: [arn('dynamodb', 'table/t')],
        actions: { read: ['dynamodb:GetItem'] },
        kmsKeyArn,
      },
      {
        kind: 'dynamodb-index',
        arns: [arn('dynamodb', 'table/t/index/i')],
        actions: { read: ['dynamodb:Query'] },
        kmsKeyArn,
      },
      {
        kind: 's3-prefix',
        arns: [`arn:${partition}:s3:::b/p/`],
        actions: { read: ['s3:GetObject', 's3:ListBucket'], write: ['s3:PutObject'] },
        kmsKeyArn,
      },
      { kind: 'sqs-queue', arns: [arn('sqs', 'q')], actions: { write: ['sqs:SendMessage'] }, kmsKeyArn },
      {
        kind: 'secret',
        arns: [arn('secretsmanager', 'secret:s')],
        actions: { read: ['secretsmanager:GetSecretValue'] },
        kmsKeyArn,
      },
      {
        kind: 'lambda-function',
        arns: [arn('lambda', 'function:f')],
        actions: { write: ['lambda:InvokeFunction'] },
      },
      { kind: 'log-group', arns: [arn('logs', 'log-group:g')], actions: { read: ['logs:FilterLogEvents'] } },
      { kind: 'kms-key', arns: [kmsKeyArn], viaService: 'dynamodb', actions: { read: ['kms:Decrypt'] } },
      {
        kind: 'cognito-user-pool',
        arns: [arn('cognito-idp', 'userpool/p')],
        actions: { read: ['cognito-idp:AdminGetUser'] },
      },
      {
        kind: 'exact-arns',
        arns: [arn('states', 'stateMachine:m')],
        actions: { write: ['states:StartExecution'] },
      },
    ];
    for (const entry of entries) expect([entry.kind, outcomeOf(entry)]).toEqual([entry.kind, 'grant']);
  },
);
