import { describe, expect, test } from 'vitest';
import { type Catalog, catalogResourceSchema } from '../../../lambdas/shared/domain/catalog/catalog.ts';
import { grantableFor } from '../../../lambdas/shared/domain/guardrails/grantable-for.ts';
import type {
  GuardrailAnswer,
  GuardrailQuestion,
} from '../../../lambdas/shared/domain/guardrails/guardrails.ts';
import { ofBank } from '../../support/bank.ts';

const table = (key: string, actions: object, subjectScoped = false) =>
  catalogResourceSchema.parse({
    key,
    kind: 'dynamodb-table',
    arns: [`arn:aws:dynamodb:eu-central-1:123456789012:table/${key}`],
    purpose: 'Something that is brokered',
    sensitivity: 'internal',
    actions,
    maxDurationSeconds: 900,
    subjectScoped,
  });
const resources = [
  table('open', { read: ['dynamodb:GetItem', 'dynamodb:Scan'], write: ['dynamodb:PutItem'] }),
  table('own', { read: ['dynamodb:GetItem', 'dynamodb:Scan'] }, true),
];
const catalog: Catalog = {
  digest: 'sha256:x',
  resources: new Map(resources.map((entry) => [entry.key, entry])),
};

const YES: GuardrailAnswer = { allowed: true, policyIds: [], errors: [] };
const principal = ofBank('employee1');

function grantable(
  onBehalfOf: boolean,
  answer: (question: GuardrailQuestion) => GuardrailAnswer = () => YES,
) {
  const guardrails = { digest: 'sha256:x', ask: answer };
  const found = grantableFor(principal, { onBehalfOf }, { catalog, guardrails });
  return found.map(({ resource, actions }) => [resource.key, ...actions]);
}

describe('what a principal could ever be granted', () => {
  test('without a subject: nothing whose rows belong to one', () => {
    expect(grantable(false)).toEqual([['open', 'dynamodb:GetItem', 'dynamodb:Scan', 'dynamodb:PutItem']]);
  });

  test('for a subject: of its rows, only what can be held to them', () => {
    expect(grantable(true)).toEqual([
      ['open', 'dynamodb:GetItem', 'dynamodb:Scan', 'dynamodb:PutItem'],
      ['own', 'dynamodb:GetItem'],
    ]);
  });

  test('not what the guardrails refuse, nor what they could not evaluate; a resource left empty is not there', () => {
    const answer = ({ action, resource }: GuardrailQuestion) => ({
      ...YES,
      allowed: action !== 'dynamodb:PutItem' && resource.key !== 'own',
      errors: action === 'dynamodb:Scan' ? ['it errs'] : [],
    });
    expect(grantable(true, answer)).toEqual([['open', 'dynamodb:GetItem']]);
  });

  test('they are asked as for the shortest session, with every approval there is', () => {
    const asked: GuardrailQuestion[] = [];
    grantable(true, (question) => {
      asked.push(question);
      return YES;
    });
    expect(asked[0]).toEqual({
      principal,
      action: 'dynamodb:GetItem',
      resource: resources[0],
      context: {
        durationSeconds: 900,
        onBehalfOf: true,
        approvals: 3,
        stepUpApprovals: 3,
      },
    });
  });
});
