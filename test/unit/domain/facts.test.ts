import { describe, expect, test } from 'vitest';
import { principalOfRequestId } from '../../../lambdas/shared/domain/access-request.ts';
import { approvalsConfigSchema } from '../../../lambdas/shared/domain/approvals/approvals-config.ts';
import {
  brokeredRoleArn,
  highestSensitivity,
} from '../../../lambdas/shared/domain/brokered/brokered-role.ts';
import {
  type CatalogResource,
  catalogResourceSchema,
} from '../../../lambdas/shared/domain/catalog/catalog.ts';
import { resolveArns } from '../../../lambdas/shared/domain/catalog/resolve-arns.ts';
import { ConfigError, lineAt } from '../../../lambdas/shared/domain/config-error.ts';
import { canonicalJson, digestOf } from '../../../lambdas/shared/domain/digest.ts';
import * as errors from '../../../lambdas/shared/domain/errors.ts';
import { proposedPrincipal } from '../../../lambdas/shared/domain/identity/proposed-principal.ts';
import { decisionOf } from '../../../lambdas/shared/domain/request-row.ts';
import { type Proposal, type Review, summaryOf } from '../../../lambdas/shared/domain/review.ts';
import { sessionNameOf } from '../../../lambdas/shared/domain/revocation/session-names.ts';
import { analyst, entitlement, grantedState, REQUEST_ID } from '../../support/example-state.ts';

const HOME = { partition: 'aws', accountId: '123456789012' };
const resource = (more: object = {}): CatalogResource =>
  catalogResourceSchema.parse({
    key: 'some_table',
    kind: 'dynamodb-table',
    arns: ['arn:aws:dynamodb:eu-central-1:123456789012:table/some_table'],
    purpose: 'Something that is brokered',
    sensitivity: 'internal',
    actions: { read: ['dynamodb:GetItem'] },
    maxDurationSeconds: 900,
    ...more,
  });

describe('names', () => {
  test('a request id names its principal', () => {
    expect(principalOfRequestId(REQUEST_ID)).toBe('analyst1');
  });

  test('a session is named after its request, cut in the principal to the 64 characters of STS', () => {
    expect(sessionNameOf(REQUEST_ID)).toBe(REQUEST_ID);
    const ulid = REQUEST_ID.slice(-27);
    expect(sessionNameOf(`${'p'.repeat(37)}${ulid}`)).toBe(`${'p'.repeat(37)}${ulid}`);
    expect(sessionNameOf(`${'p'.repeat(50)}${ulid}`)).toBe(`${'p'.repeat(37)}${ulid}`);
  });

  test('each error bears the name of its class, which the state machine catches', () => {
    for (const [name, Class] of Object.entries(errors)) expect(new Class('x').name).toBe(name);
  });
});

describe('digests', () => {
  test('of a text, its own bytes; of anything else, its canonical JSON', () => {
    expect(digestOf('abc')).toBe('sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(digestOf({ b: 1, a: 2 })).toBe(digestOf('{"a":2,"b":1}'));
    expect(digestOf('abc')).not.toBe(digestOf('"abc"'));
  });

  test('what JSON cannot hold is refused', () => {
    expect(() => canonicalJson(undefined)).toThrow('value has no JSON form');
  });
});

describe('configuration', () => {
  test('an error names the file, the line where it is known, and the problem', () => {
    const error = new ConfigError('catalog.json', 7, 'is not JSON');
    expect([error.name, error.message]).toEqual(['ConfigError', 'catalog.json:7: is not JSON']);
    expect(new ConfigError('catalog.json', undefined, 'is gone').message).toBe('catalog.json: is gone');
  });

  test('lines are counted from one', () => {
    expect([0, 2, 3, 99].map((offset) => lineAt('ab\ncd\n', offset))).toEqual([1, 1, 2, 3]);
  });

  test('no two tiers have one name', () => {
    const tier = { name: 'first', channel: '#first', approverGroup: 'approvers', timeoutSeconds: 60 };
    const parsed = (...tiers: object[]) => approvalsConfigSchema.safeParse({ version: 1, tiers });
    expect(parsed(tier, { ...tier, name: 'second' }).success).toBe(true);
    expect(parsed(tier, tier).error?.issues).toMatchObject([
      { path: ['tiers'], message: 'tier names must be unique' },
    ]);
  });

  test('placeholders of ARNs and keys are filled in; an entry without a key gets none', () => {
    const placeholders = { partition: 'aws-cn', region: 'cn-north-1', accountId: '999999999999' };
    const arn = 'arn:$' + '{AWS::Partition}:kms:$' + '{AWS::Region}:$' + '{AWS::AccountId}:key/x';
    const filled = 'arn:aws-cn:kms:cn-north-1:999999999999:key/x';
    expect(resolveArns(resource({ arns: [arn], kmsKeyArn: arn }), placeholders)).toMatchObject({
      arns: [filled],
      kmsKeyArn: filled,
    });
    expect(resolveArns(resource(), placeholders)).not.toHaveProperty('kmsKeyArn');
  });
});

describe('the brokered role', () => {
  test('is that of the account and the highest sensitivity, in whatever order', () => {
    const mixed = ['internal', 'restricted', 'public'].map((sensitivity) => resource({ sensitivity }));
    expect(brokeredRoleArn(mixed, HOME, undefined)).toBe(
      'arn:aws:iam::123456789012:role/postern-brokered-restricted',
    );
    expect(highestSensitivity(mixed.toReversed())).toBe('restricted');
    expect(highestSensitivity([resource({ sensitivity: 'confidential' }), resource()])).toBe('confidential');
  });

  test('is of one account, and of something', () => {
    const elsewhere = resource({ arns: ['arn:aws:dynamodb:eu-central-1:999999999999:table/some_table'] });
    expect(() => brokeredRoleArn([resource(), elsewhere], HOME, undefined)).toThrow(
      'a session is of one account',
    );
    expect(() => brokeredRoleArn([], HOME, undefined)).toThrow('a session is of one account');
    expect(() => highestSensitivity([])).toThrow('nothing has no sensitivity');
  });
});

describe('a proposed principal', () => {
  const text = JSON.stringify(analyst);
  const change = {
    kind: 'principal',
    target: 'analyst1',
    proposal: text,
    proposalDigest: 'x',
    baseVersion: 1,
  } as const;

  test('is what the text would write', () => {
    expect(proposedPrincipal(change)).toEqual(analyst);
  });

  test.each([
    ['a policy, whatever its text', { ...change, kind: 'policy' } as const],
    ['no JSON', { ...change, proposal: '{' }],
    ['no principal', { ...change, proposal: '{"id":"analyst1"}' }],
  ])('%s is none', (_, other) => {
    expect(proposedPrincipal(other)).toBeUndefined();
  });
});

describe('what is shown of a decision', () => {
  const { verdict } = grantedState();
  if (!verdict) throw new Error('no verdict');

  test('its outcome, reasons, policies and time, what it opens, and the model’s sentence', () => {
    const { outcome, reasons, policyIds, decidedAt } = verdict;
    const shown = { outcome, reasons, policyIds, decidedAt };
    expect(decisionOf(verdict, 'It fits.')).toEqual({ ...shown, entitlement, reviewSummary: 'It fits.' });
    const { entitlement: _, ...denied } = verdict;
    expect(decisionOf({ ...denied, outcome: 'deny' })).toStrictEqual({ ...shown, outcome: 'deny' });
    expect(decisionOf({ ...denied, outcome: 'deny' }, '')).toStrictEqual({ ...shown, outcome: 'deny' });
  });

  test('the sentence is the proposal’s, or what was said instead of one', () => {
    const record = { attempt: 1, model: 'm', promptDigest: 'sha256:x' };
    const proposal = {
      approved: true,
      grants: [],
      durationSeconds: 900,
      risk: 'low',
      authorization: 'explicit',
      reason: 'It fits.',
    } satisfies Proposal;
    const reviews: (Review | undefined)[] = [
      { outcome: 'proposal', proposal, ...record },
      { outcome: 'refused', detail: 'I will not.', ...record },
      undefined,
    ];
    expect(reviews.map(summaryOf)).toEqual(['It fits.', 'I will not.', undefined]);
  });
});
