import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { compileRules } from '../../../gateway/authorize/compile-rules.ts';
import { type CallFactsForRules, groupOf, makeDecide } from '../../../gateway/authorize/decide-call.ts';
import { nameNeeds } from '../../../gateway/identify/iam/name-needs.ts';
import { openIamData } from '../../../gateway/identify/iam/open-iam-data.ts';
import { identify } from '../../../gateway/identify/identify.ts';
import { openModels } from '../../../gateway/identify/read-models.ts';
import { readConfigFiles } from '../../../lambdas/shared/adapters/config/read-config.ts';
import { principalSchema } from '../../../lambdas/shared/domain/principal.ts';
import { dynamodb, signed } from './signed.ts';

const [models, iam] = [openModels(), openIamData()];
const { catalog } = readConfigFiles('config');
const PLACE = { partition: 'aws', region: 'eu-central-1', account: '123456789012' };
const table = (name: string) => `arn:aws:dynamodb:eu-central-1:123456789012:table/${name}`;
const PERMIT = '@id("all") permit (principal, action, resource);';

const agent = principalSchema.parse({
  ...{
    id: 'agent1',
    type: 'agent',
    status: 'active',
    groups: ['support-agents'],
    awsPrincipals: [],
    persons: ['sam'],
  },
});
const FACTS: CallFactsForRules = {
  principal: agent,
  region: 'eu-central-1',
  hour: 12,
  isPresigned: false,
  onBehalfOf: true,
  counts: {},
  earlier: [],
};

const compile = (text: string) => compileRules(text, catalog, iam, models);

function decide(
  text: string,
  request: ReturnType<typeof signed>,
  signingName: string,
  facts: Partial<CallFactsForRules> = {},
) {
  const rules = compile(text);
  const keys = (arn: string) => (arn === table('bank_balances') ? ['bank_balances'] : []);
  const call = identify({ request: request.request, body: request.body, signingName }, models);
  if ('notNamed' in call) throw new Error(call.notNamed);
  const needs = nameNeeds(call, PLACE, iam) ?? [];
  return makeDecide(rules, iam, keys)(call, needs, { ...FACTS, ...facts });
}
const outcome = (...args: Parameters<typeof decide>) => decide(...args).outcome;

const ec2 = (fields: Record<string, string>) =>
  signed({
    service: 'ec2',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ Version: '2016-11-15', ...fields }).toString(),
  });
const kms = (operation: string, input: object) =>
  signed({
    service: 'kms',
    headers: { 'x-amz-target': `TrentService.${operation}`, 'content-type': 'application/x-amz-json-1.1' },
    body: JSON.stringify(input),
  });
const get = (name: string) => dynamodb('GetItem', { TableName: name });

describe('rules that cannot be meant', () => {
  it.each([
    ['a misspelt action', '@id("a") permit (principal, action == Action::"dynamodb:GetItme", resource);'],
    ['a service that is none', '@id("a") permit (principal, action in Action::"dynamo", resource);'],
    ['a misspelt group', '@id("a") permit (principal, action in Action::"reed", resource);'],
    [
      'a misspelt parameter',
      '@id("a") forbid (principal, action == Action::"ec2:RunInstances", resource) when { context.parameters has InstanceTyp && context.parameters.InstanceTyp == "a" };',
    ],
    [
      'a parameter of another type',
      '@id("a") forbid (principal, action == Action::"ec2:RunInstances", resource) when { context.parameters has MaxCount && context.parameters.MaxCount == "a" };',
    ],
    [
      'a parameter that may be absent',
      '@id("a") forbid (principal, action == Action::"ec2:RunInstances", resource) when { context.parameters.InstanceType == "a" };',
    ],
    [
      'an entry that the catalog has not',
      '@id("a") permit (principal, action, resource in Catalog::"bank_balance");',
    ],
    [
      'an earlier action that is none',
      '@id("a") forbid (principal, action, resource) when { context.earlier.contains("s3:GetObjects") };',
    ],
    ['a permit that is observed', '@id("a") @observe("soon") permit (principal, action, resource);'],
    ['a rule without a name', 'permit (principal, action, resource);'],
    ['a name twice', `${PERMIT}\n${PERMIT}`],
    ['no Cedar', 'permit everything'],
  ])('fail when they are loaded: %s', (_, text) => {
    expect(() => compile(text)).toThrowError(/gateway\.cedar/);
  });

  test('are not in the configuration that ships', () => {
    const { counted, earlier } = compile(readFileSync('config/gateway.cedar', 'utf8'));
    expect([[...counted], earlier]).toEqual([['write'], ['secretsmanager:GetSecretValue']]);
  });
});

describe('a call', () => {
  test('is refused where no rule allows it, or one forbids it', () => {
    expect(
      outcome(
        '@id("a") permit (principal, action in Action::"list", resource);',
        get('one_table'),
        'dynamodb',
      ),
    ).toBe('forbid');
    const forbid = `${PERMIT} @id("b") forbid (principal, action, resource in Catalog::"bank_balances");`;
    expect(outcome(forbid, get('bank_balances'), 'dynamodb')).toBe('forbid');
    expect(outcome(forbid, get('one_table'), 'dynamodb')).toBe('permit');
  });

  describe('by rules that are only observed', () => {
    const observed = (rule: string) => `${PERMIT} @id("b") @observe("until January") ${rule}`;
    const reads = 'forbid (principal, action == Action::"dynamodb:GetItem", resource';

    test('is allowed, and what they would have made of it is said', () => {
      const refused = decide(
        observed(`${reads} in Catalog::"bank_balances");`),
        get('bank_balances'),
        'dynamodb',
      );
      expect(refused).toEqual({
        outcome: 'permit',
        rules: ['all'],
        observed: { would: 'refused', rules: ['b'] },
      });
      const asksPeople = observed(
        `${reads}) unless { context.approvals >= 2 && context.stepUpApprovals >= 1 };`,
      );
      expect(decide(asksPeople, get('one_table'), 'dynamodb').observed).toEqual({
        would: '2 approvals, 1 with a code',
        rules: ['b'],
      });
    });

    test('has nothing of them where they would have made the same', () => {
      const elsewhere = observed(`${reads} in Catalog::"bank_balances");`);
      expect(decide(elsewhere, get('one_table'), 'dynamodb')).not.toHaveProperty('observed');
    });

    test('is refused by the others as ever', () => {
      const both = `@id("c") forbid (principal, action, resource); ${observed(`${reads});`)}`;
      expect(decide(both, get('one_table'), 'dynamodb')).toEqual({
        outcome: 'forbid',
        rules: ['c'],
        because: 'no rule allows it',
      });
    });

    test('is not refused for a parameter’s type that they alone ask for', () => {
      const rule = `${reads}) when { context.parameters has TableName && context.parameters.TableName == "a" };`;
      const oddly = dynamodb('GetItem', { TableName: ['a'] });
      const [watching, deciding] = [observed(rule), `${PERMIT} @id("b") ${rule}`].map((rules) =>
        decide(rules, oddly, 'dynamodb'),
      );
      expect([watching?.outcome, watching?.observed?.would, deciding?.outcome]).toEqual([
        'permit',
        'refused',
        'forbid',
      ]);
    });

    test('is counted for them, and they see what was called before', () => {
      const rule = 'forbid (principal, action, resource) when { context.counts.read > 5 };';
      expect(compile(observed(rule)).counted).toEqual(new Set(['read']));
    });
  });

  test('is judged by its parameters', () => {
    const rules = `${PERMIT} @id("small") forbid (principal, action == Action::"ec2:RunInstances", resource)
      unless { context.parameters has InstanceType && context.parameters.InstanceType like "t3.*" };`;
    const run = (InstanceType?: string) =>
      outcome(
        rules,
        ec2({ Action: 'RunInstances', MinCount: '1', MaxCount: '1', ...(InstanceType && { InstanceType }) }),
        'ec2',
      );
    expect([run('t3.micro'), run('p4d.24xlarge'), run()]).toEqual(['permit', 'forbid', 'forbid']);
  });

  test('with a parameter of another type than its model’s is refused, so that no rule is passed by', () => {
    const rules = `${PERMIT} @id("b") forbid (principal, action == Action::"dynamodb:GetItem", resource)
      when { context.parameters has TableName && context.parameters.TableName == "one_table" };`;
    const call = dynamodb('GetItem', { TableName: ['one_table'] });
    expect(outcome(rules, call, 'dynamodb')).toBe('forbid');
  });

  test('needs every part of a batch allowed', () => {
    const rules = `${PERMIT} @id("b") forbid (principal, action == Action::"dynamodb:DeleteItem", resource);`;
    const transact = (...kinds: string[]) =>
      dynamodb('TransactWriteItems', {
        TransactItems: kinds.map((kind) => ({ [kind]: { TableName: 'one_table' } })),
      });
    expect(outcome(rules, transact('Put', 'Update'), 'dynamodb')).toBe('permit');
    expect(outcome(rules, transact('Put', 'Delete'), 'dynamodb')).toBe('forbid');
  });

  test('on a resource that is not known is on any that a rule forbids, and on none that one permits', () => {
    const call = kms('Encrypt', { KeyId: 'alias/any' });
    const scoped =
      '@id("a") permit (principal, action, resource == Resource::"arn:aws:kms:eu-central-1:123456789012:key/k");';
    const forbids = `${PERMIT} @id("b") forbid (principal, action, resource) when { resource.arn like "*key/secret" };`;
    expect(outcome(scoped, call, 'kms')).toBe('forbid');
    expect(outcome(forbids, call, 'kms')).toBe('forbid');
    expect(outcome(PERMIT, call, 'kms')).toBe('permit');
    expect(outcome(forbids, kms('Encrypt', { KeyId: 'k' }), 'kms')).toBe('permit');
  });

  test('that hands out credentials needs a rule that names it', () => {
    const assume = signed({
      service: 'sts',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fx&RoleSessionName=xx',
    });
    expect(outcome(PERMIT, assume, 'sts')).toBe('forbid');
    expect(outcome('@id("a") permit (principal, action in Action::"sts", resource);', assume, 'sts')).toBe(
      'forbid',
    );
    expect(
      outcome('@id("a") permit (principal, action == Action::"sts:AssumeRole", resource);', assume, 'sts'),
    ).toBe('permit');
  });

  test('of no service hands out credentials by a rule that permits everything', () => {
    const decideAll = makeDecide(compile(PERMIT), iam, () => []);
    const all = Object.keys(models.index.signing)
      .flatMap((signing) => models.of(signing))
      .flatMap((service) => [...service.operations.values()].map((operation) => ({ service, operation })))
      .filter(({ operation }) => operation.answersCredentials);
    const passed = all.filter(({ service, operation }) => {
      const named = { service, operation, protocol: 'json' as const, parameters: {} };
      const needs = nameNeeds(named, PLACE, iam);
      return needs !== undefined && decideAll(named, needs, FACTS).outcome !== 'forbid';
    });
    expect(all.length).toBeGreaterThan(38);
    expect(passed.map(({ operation }) => operation.name)).toEqual([]);
  });

  test('that people may allow says how many of them', () => {
    const rules = `${PERMIT} @id("b") forbid (principal, action == Action::"dynamodb:DeleteTable", resource)
      unless { context.approvals >= 2 && context.stepUpApprovals >= 1 };`;
    const call = dynamodb('DeleteTable', { TableName: 'one_table' });
    expect(decide(rules, call, 'dynamodb')).toEqual({
      outcome: 'needs-approval',
      approvals: 2,
      stepUpApprovals: 1,
      rules: ['b'],
    });
    // What is presigned is never held.
    expect(outcome(rules, call, 'dynamodb', { isPresigned: true })).toBe('forbid');
  });

  test('is judged by what was called before', () => {
    const rules = readFileSync('config/gateway.cedar', 'utf8');
    const remove = dynamodb('DeleteItem', { TableName: 'one_table', Key: {} });
    expect(outcome(rules, remove, 'dynamodb')).toBe('permit');
    expect(outcome(rules, remove, 'dynamodb', { earlier: ['secretsmanager:GetSecretValue'] })).toBe('forbid');
    expect(outcome(rules, remove, 'dynamodb', { counts: { write: 1001 } })).toBe('forbid');
    expect(outcome(rules, get('one_table'), 'dynamodb', { isPresigned: true })).toBe('forbid');
    expect(
      outcome(rules, get('one_table'), 'dynamodb', { principal: { ...agent, status: 'suspended' } }),
    ).toBe('forbid');
  });

  test.each([
    ['an action that it names', 'action == Action::"dynamodb:DeleteItem"', ['dynamodb:DeleteItem']],
    [
      'several',
      'action in [Action::"dynamodb:DeleteItem", Action::"s3:PutObject"]',
      ['dynamodb:DeleteItem', 's3:PutObject'],
    ],
    ['a group', 'action in Action::"write"', ['dynamodb:DeleteItem', 's3:PutObject']],
    ['a service', 'action in Action::"dynamodb"', ['dynamodb:DeleteItem', 'dynamodb:GetItem']],
    ['whatever is called', 'action', ['dynamodb:DeleteItem', 'dynamodb:GetItem', 's3:PutObject']],
  ])('is told what was called before where a rule that asks is about it: %s', (_, scope, about) => {
    const rules = compile(`${PERMIT} @id("b") forbid (principal, ${scope}, resource)
      when { context.earlier.contains("secretsmanager:GetSecretValue") };`);
    const called = ['dynamodb:DeleteItem', 'dynamodb:GetItem', 's3:PutObject'];
    expect(called.filter((action) => rules.earlierFor(action, groupOf(action, iam)).length > 0)).toEqual(
      about,
    );
    const facts = { ...FACTS, earlier: ['secretsmanager:GetSecretValue'] };
    const judge = makeDecide(rules, iam, () => []);
    for (const action of called) {
      const needs = [{ action, resource: { kind: 'known', arn: table('one') } } as const];
      const call = { operation: { name: 'Any' }, parameters: {} } as never;
      // What is not told could not have changed anything.
      expect(judge(call, needs, facts).outcome).toBe(about.includes(action) ? 'forbid' : 'permit');
    }
  });

  test('without a need is refused: nothing is known of it', () => {
    expect(makeDecide(compile(PERMIT), iam, () => [])({} as never, [], FACTS).outcome).toBe('forbid');
  });
});
