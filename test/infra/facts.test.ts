import { expect, test } from 'vitest';
import { synthTemplate } from '../../infra/app.ts';
import { DEFAULT_SETTINGS } from '../../infra/settings.ts';
import { resolveTemplate } from '../../sandbox/template/resolve-template.ts';
import { ACCOUNT, makeMay, REGION } from '../support/function-roles.ts';
import { template } from '../support/template.ts';
import { templateWithFacts } from '../support/with-facts.ts';

const resolved = resolveTemplate(templateWithFacts(), { accountId: ACCOUNT, region: REGION });
const may = makeMay(resolved);
const can = (name: string, operation: string, tableName: string) =>
  may(name, {
    action: `dynamodb:${operation}`,
    resource: `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${tableName}`,
  });

test('the door for facts writes facts, and nothing else', async () => {
  for (const operation of ['GetItem', 'PutItem'])
    expect([operation, await can('take-fact', operation, 'postern_facts')]).toEqual([operation, true]);
  for (const operation of ['UpdateItem', 'DeleteItem', 'Query', 'Scan', 'BatchWriteItem'])
    expect([operation, await can('take-fact', operation, 'postern_facts')]).toEqual([operation, false]);
  for (const { name } of resolved.tables)
    for (const operation of ['GetItem', 'PutItem', 'UpdateItem', 'Query', 'Scan'])
      if (name !== 'postern_facts')
        expect([name, operation, await can('take-fact', operation, name)]).toEqual([name, operation, false]);
});

test('facts are written at their door alone, and read where a decision is prepared', async () => {
  const who = { writes: [] as string[], reads: [] as string[] };
  for (const { name } of resolved.functions) {
    const short = name.replace('postern-', '');
    for (const operation of ['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem'])
      if (await can(short, operation, 'postern_facts')) who.writes.push(short);
    if (await can(short, 'Query', 'postern_facts')) who.reads.push(short);
  }
  expect(who).toEqual({ writes: ['take-fact'], reads: ['load-policy', 'tally-votes'] });
});

test('without the setting there is no door, and nobody reads or writes facts', async () => {
  const plain = resolveTemplate(template(), { accountId: ACCOUNT, region: REGION });
  const mayPlain = makeMay(plain);
  for (const name of ['take-fact', 'load-policy', 'tally-votes'])
    for (const operation of ['GetItem', 'PutItem', 'Query'])
      expect(
        await mayPlain(name, {
          action: `dynamodb:${operation}`,
          resource: `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/postern_facts`,
        }),
      ).toBe(false);
  expect(JSON.stringify(template())).not.toContain('postern-facts');
  expect(JSON.stringify(templateWithFacts())).toContain('postern-facts');
});

test('a broker that is private has no door on the internet unless somebody agrees', () => {
  const settings = { ...DEFAULT_SETTINGS, facts: true, vpcEndpointId: 'vpce-0123456789abcdef0' };
  expect(() => synthTemplate({ demo: false, settings })).toThrow(/publicTokenDoor/);
});
