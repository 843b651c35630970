import { readFileSync } from 'node:fs';
import { statefulIsAuthorized } from '@cedar-policy/cedar-wasm/nodejs';
import { describe, expect, test } from 'vitest';
import { makeCedarGuardrails } from '../../../lambdas/shared/adapters/config/cedar-guardrails.ts';
import { compileGuardrails } from '../../../lambdas/shared/adapters/config/compile-guardrails.ts';
import { readConfigFiles } from '../../../lambdas/shared/adapters/config/read-config.ts';
import { ofBank } from '../../support/bank.ts';
import { bank } from '../validate-decision/arrange-case.ts';

const { catalog } = readConfigFiles('config');
const TEXT = readFileSync('config/guardrails.cedar', 'utf8');
const compile = (text: string) => compileGuardrails(text, catalog, `sha256:${text.length}`);

describe('a guardrail that cannot be used stops everything, and says where', () => {
  test.each([
    ['does not parse', 'permit (principal, action', /guardrails\.cedar:\d+: does not parse/],
    ['has no @id', 'permit (principal, action, resource);', /no @id/],
    ['has the @id of another', '@id("suspended-never")\nforbid (principal, action, resource);', /used twice/],
    [
      'is a permit that is to be observed',
      '@id("x") @observe("for a month") permit (principal, action, resource);',
      /x: only a forbid can be observed/,
    ],
    [
      'names a resource there is not',
      '@id("x") permit (principal, action, resource == Resource::"bank_balence");',
      /Resource::"bank_balence" is not in catalog/,
    ],
    [
      'names such a resource in a condition',
      '@id("x") permit (principal, action, resource) when { resource == Resource::"typo" };',
      /Resource::"typo"/,
    ],
    [
      'names an action there is not',
      '@id("x") permit (principal, action == Action::"dynamodb:GetIt", resource);',
      /x:/,
    ],
    [
      'names an attribute there is not',
      '@id("x") permit (principal, action, resource) when { resource.sensitive == "x" };',
      /x:/,
    ],
    [
      'compares with a value that can never be',
      '@id("x") permit (principal, action, resource) when { resource.sensitivity == "secret" };',
      /sensitivity == "secret" can never be/,
    ],
    [
      'compares with a kind that there is not',
      '@id("x") forbid (principal, action, resource) when { resource.kind == "dynamo-table" };',
      /kind == "dynamo-table" can never be/,
    ],
    [
      'looks for an attribute in a set with a value that can never be',
      '@id("x") forbid (principal, action, resource) when { ["restricted", "confidental"].contains(resource.sensitivity) };',
      /sensitivity == "confidental" can never be/,
    ],
    [
      'names a context there is not',
      '@id("x") permit (principal, action, resource) when { context.risk == "low" };',
      /x:/,
    ],
  ])('%s', (_, more, message) => {
    expect(() => compile(`${TEXT}\n${more}\n`)).toThrow(message);
  });

  test('the line is that of the policy', () => {
    const line = TEXT.split('\n').length + 1;
    expect(() =>
      compile(`${TEXT}\n@id("late") permit (principal, action, resource == Resource::"typo");`),
    ).toThrow(new RegExp(`guardrails\\.cedar:${line}: late`));
  });
});

const employee = ofBank('employee1');
const resource = bank.catalog.resources.get('bank_customer_profiles');
if (!resource) throw new Error('no such resource');
const context = {
  durationSeconds: 900,
  onBehalfOf: false,
  approvals: 1,
  stepUpApprovals: 0,
  changesSignIn: false,
  enrolsOwnPasskey: false,
  revokesOwnPasskey: false,
  breakGlass: false,
  references: [] as string[],
  onCall: [] as string[],
  openReferences: [] as string[],
  incidents: [] as string[],
};

describe('doubt is a denial', () => {
  const names = compile(TEXT);
  const question = () => ({
    principal: { type: 'Principal', id: employee.id },
    action: { type: 'Action', id: 'dynamodb:GetItem' },
    resource: { type: 'Resource', id: resource.key },
    context: { ...context } as Record<string, number | boolean | string[]>,
    entities: [
      {
        uid: { type: 'Principal', id: employee.id },
        attrs: { type: 'human', status: 'active' } as Record<string, string>,
        parents: [{ type: 'Group', id: 'employees' }],
      },
      {
        uid: { type: 'Resource', id: resource.key },
        attrs: {
          ...{ kind: resource.kind, sensitivity: resource.sensitivity, subjectScoped: false },
          ...{ account: 'broker', unit: '' },
        } as Record<string, string | boolean>,
        parents: [],
      },
    ],
    preparsedPolicySetId: names.policySetId,
    preparsedSchemaName: names.schemaName,
    validateRequest: true,
  });
  /** As the adapter reads an answer. */
  const isAllowed = (asked: ReturnType<typeof question>) => {
    const answer = statefulIsAuthorized(asked);
    if (answer.type === 'failure') return false;
    return answer.response.decision === 'allow' && answer.response.diagnostics.errors.length === 0;
  };

  test('with everything there, it is allowed', () => {
    expect(isAllowed(question())).toBe(true);
  });

  test.each(Object.keys(context))('without context.%s it is denied', (key) => {
    const asked = question();
    delete asked.context[key];
    expect(isAllowed(asked)).toBe(false);
  });

  test.each(['type', 'status'])("without the principal's %s it is denied", (key) => {
    const asked = question();
    delete asked.entities[0]?.attrs[key];
    expect(isAllowed(asked)).toBe(false);
  });

  test.each(['sensitivity', 'account', 'unit'])("without the resource's %s it is denied", (key) => {
    const asked = question();
    delete asked.entities[1]?.attrs[key];
    expect(isAllowed(asked)).toBe(false);
  });

  test('an action that the schema does not know is an error, and denied', () => {
    const guardrails = makeCedarGuardrails(TEXT, catalog, 'sha256:test');
    const answer = guardrails.ask({ principal: employee, action: 'iam:PassRole', resource, context });
    expect([answer.allowed, answer.errors.length > 0]).toEqual([false, true]);
  });
});

describe('the digest of what could have a say', () => {
  const asked = [{ resource: 'bank_operational_metrics', action: 'dynamodb:Query', level: 'read' as const }];
  const digest = (text: string) =>
    makeCedarGuardrails(text, catalog, `sha256:say-${text.length}`).digestFor?.(ofBank('analyst1'), asked);
  const before = digest(TEXT);

  test.each([
    ['another group', '@id("x") permit (principal in Group::"admins", action, resource);'],
    ['another resource', '@id("x") forbid (principal, action, resource == Resource::"bank_balances");'],
    ['another level', '@id("x") forbid (principal, action in Action::"write", resource);'],
    ['another action', '@id("x") forbid (principal, action == Action::"dynamodb:GetItem", resource);'],
    ['another principal', '@id("x") forbid (principal == Principal::"admin", action, resource);'],
  ])('is the same with a rule about %s', (_, rule) => expect(digest(`${TEXT}${rule}\n`)).toBe(before));

  test.each([
    ['anything', '@id("x") forbid (principal, action, resource) when { context.durationSeconds > 1 };'],
    ['its group', '@id("x") forbid (principal in Group::"analysts", action, resource);'],
    [
      'its resource',
      '@id("x") forbid (principal, action, resource == Resource::"bank_operational_metrics");',
    ],
    ['its level', '@id("x") forbid (principal, action in [Action::"read", Action::"admin"], resource);'],
    ['its type', '@id("x") forbid (principal is Principal, action, resource);'],
  ])('is another with a rule about %s', (_, rule) => expect(digest(`${TEXT}${rule}\n`)).not.toBe(before));
});
