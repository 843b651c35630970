import { expect, test } from 'vitest';
import { synthTemplate } from '../../infra/app.ts';
import { DEFAULT_SETTINGS } from '../../infra/settings.ts';
import { resolveTemplate } from '../../sandbox/template/resolve-template.ts';
import { ACCOUNT, makeMay, REGION } from '../support/function-roles.ts';
import { template } from '../support/template.ts';
import { templateWithScim } from '../support/with-scim.ts';

const resolved = resolveTemplate(templateWithScim(), { accountId: ACCOUNT, region: REGION });
const may = makeMay(resolved);
const table = (name: string) => `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${name}`;
const onKey = (key: string) => ({ 'dynamodb:LeadingKeys': [key] });
const can = (name: string, operation: string, tableName: string, key: string | undefined) =>
  may(name, {
    action: `dynamodb:${operation}`,
    resource: table(tableName),
    ...(key !== undefined && { context: onKey(key) }),
  });

test('the provider’s door writes users and groups, and nothing that decides who is anybody', async () => {
  for (const kind of ['user', 'group', 'user_name'])
    expect([kind, await can('scim', 'PutItem', 'postern_directory', kind)]).toEqual([kind, true]);
  for (const kind of ['template', 'state', undefined])
    for (const operation of ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'Scan'])
      expect([kind, operation, await can('scim', operation, 'postern_directory', kind)]).toEqual([
        kind,
        operation,
        false,
      ]);
  for (const name of [
    'users_table',
    'policy_table',
    'postern_aws_principals',
    'postern_requests',
    'postern_audit',
  ])
    for (const operation of ['GetItem', 'PutItem', 'Query', 'Scan'])
      expect([name, operation, await can('scim', operation, name, 'dir_jane_0123456789')]).toEqual([
        name,
        operation,
        false,
      ]);
});

test('the reader of the directory writes those whom it made, and nobody whom people wrote', async () => {
  for (const name of ['users_table', 'policy_table']) {
    expect([name, await can('sync-people', 'PutItem', name, 'dir_jane_0123456789')]).toEqual([name, true]);
    for (const key of ['admin', 'customer_support_agent', 'xdir_jane', 'dir', undefined])
      expect([name, key, await can('sync-people', 'PutItem', name, key)]).toEqual([name, key, false]);
    expect(await can('sync-people', 'DeleteItem', name, 'dir_jane_0123456789')).toBe(false);
  }
  for (const kind of ['user', 'group', 'template', 'user_name'])
    expect([kind, await can('sync-people', 'PutItem', 'postern_directory', kind)]).toEqual([kind, false]);
});

test('templates are written by approved changes alone', async () => {
  const who: string[] = [];
  for (const { name } of resolved.functions) {
    const short = name.replace('postern-', '');
    if (await can(short, 'PutItem', 'postern_directory', 'template')) who.push(short);
  }
  expect(who).toEqual(['apply-change']);
});

test('the token is read by the provider’s door, and by nothing else', async () => {
  const secret = resolved.secrets.find(({ name }) => name === 'postern/scim')?.arn ?? '';
  const who: string[] = [];
  for (const { name } of resolved.functions) {
    const short = name.replace('postern-', '');
    if (await may(short, { action: 'secretsmanager:GetSecretValue', resource: secret })) who.push(short);
  }
  expect(who).toEqual(['scim']);
});

test('without the setting there is no door, no secret, no reader and no right', () => {
  const text = JSON.stringify(template());
  expect(text).not.toMatch(/postern\/scim|ScimUrl|SyncPeople/);
  const { roles } = resolveTemplate(template(), { accountId: ACCOUNT, region: REGION });
  for (const name of ['scim', 'sync-people']) {
    const role = roles.find((found) => found.name === `postern-${name}`);
    expect(JSON.stringify(role?.policies)).not.toMatch(/dynamodb|secretsmanager|states:/);
  }
});

test('a private API is not given a door on the internet unasked', () => {
  const settings = { ...DEFAULT_SETTINGS, scim: true, vpcEndpointId: 'vpce-0123456789abcdef0' };
  expect(() => synthTemplate({ demo: false, settings })).toThrow('publicTokenDoor');
  expect(() =>
    synthTemplate({ demo: false, settings: { ...settings, publicTokenDoor: true } }),
  ).not.toThrow();
});
