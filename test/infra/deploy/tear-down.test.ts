import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tearDown } from '../../../infra/deploy/teardown/tear-down.ts';
import { makePlanFile } from '../../../infra/deploy/teardown/teardown-plan.ts';
import { lineOf, PLACE } from './fake-account.ts';

const held = [
  ['AWS::DynamoDB::Table', 'postern_audit'],
  ['AWS::Lambda::Function', 'postern-front-door'],
  ['AWS::S3::Bucket', 'the-archive'],
  ['AWS::KMS::Key', 'the-key'],
  ['AWS::Logs::LogGroup', '/aws/lambda/postern-front-door'],
  ['AWS::SecretsManager::Secret', 'postern/openai'],
].map(([typeName = '', identifier = '']) => ({ typeName, identifier }));

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'postern-teardown-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

type Others = NonNullable<Parameters<typeof tearDown>[0]['others']>;

/** Tears down with what the operator types; answers what was done, in order, and what was told. */
function teardown(typed: string, { failing = '', stackHolds = held, others = [] as Others } = {}) {
  const done: string[] = [];
  const told: string[] = [];
  const plan = makePlanFile(PLACE, folder);
  const run = tearDown({
    place: PLACE,
    plan,
    resources: async () => stackHolds,
    others,
    ask: async () => typed,
    destroy: () => {
      done.push('destroy');
    },
    remove: async ({ identifier }) => {
      if (identifier === failing) throw new Error('it is in use');
      done.push(identifier);
    },
    tell: (line) => told.push(line),
  });
  return { run, done, told, plan };
}

test('once the account is named, the stack goes, then what it leaves behind, but never the archive and its keys', async () => {
  const { run, done, told, plan } = teardown(` ${PLACE.account}\n`);
  await run;
  expect(done).toEqual(['destroy', 'postern_audit', '/aws/lambda/postern-front-door', 'postern/openai']);
  expect(told.slice(-2)).toEqual(['  AWS::S3::Bucket the-archive', '  AWS::KMS::Key the-key']);
  expect(plan.read()).toBeUndefined();
});

test('what it does in other accounts is said before the account is named', async () => {
  const others = [{ id: '222222222222', deployRole: 'R' }, { id: '333333333333' }];
  const { run, told } = teardown('', { others });
  await lineOf(run);
  expect(told.slice(-2)).toEqual([
    '  the brokered roles in account 222222222222',
    "  not the roles in account 333333333333, which has no deployRole: they are its administrator's to remove",
  ]);
});

test.each(['', 'yes', '999999999999'])('after "%s" nothing is deleted, nor planned', async (typed) => {
  const { run, done, plan } = teardown(typed);
  expect(await lineOf(run)).toBe('nothing was deleted');
  expect(done).toEqual([]);
  expect(plan.read()).toBeUndefined();
});

test('a removal that fails does not end the rest, is told, and is finished by the next run', async () => {
  const first = teardown(PLACE.account, { failing: 'postern_audit' });
  await expect(first.run).rejects.toThrow('1 of 3 are left: run npm run teardown again');
  expect(first.done).toEqual(['destroy', '/aws/lambda/postern-front-door', 'postern/openai']);
  expect(first.told.at(-1)).toBe('  AWS::DynamoDB::Table postern_audit: it is in use');

  // The stack is gone meanwhile: it lists nothing, but the plan does.
  const second = teardown(PLACE.account, { stackHolds: [] });
  await second.run;
  expect(second.done).toEqual(['destroy', 'postern_audit']);
  expect(second.told.at(-1)).toBe('  AWS::KMS::Key the-key');
  expect(second.plan.read()).toBeUndefined();
});

test('a run that is cut off leaves the plan of all that it had not removed', async () => {
  const plan = makePlanFile(PLACE, folder);
  const cutOff = tearDown({
    place: PLACE,
    plan,
    resources: async () => held,
    ask: async () => PLACE.account,
    destroy: () => Promise.reject(new Error('killed')),
    remove: async () => {},
    tell: () => {},
  });
  await expect(cutOff).rejects.toThrow('killed');
  expect(plan.read()?.removed).toHaveLength(3);
});

test('a plan that is none, or of another place, is not gone by', async () => {
  const plan = makePlanFile(PLACE, folder);
  for (const text of [
    '{',
    '{}',
    JSON.stringify({ ...PLACE, account: '999999999999', removed: [], kept: [] }),
  ]) {
    writeFileSync(join(folder, plan.file), text);
    expect(await lineOf(teardown(PLACE.account).run)).toMatch(/is not the plan of this account's teardown/);
  }
});
