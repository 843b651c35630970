import { expect, test } from 'vitest';
import { tearDown } from '../../../infra/deploy/tear-down.ts';
import { lineOf, PLACE } from './fake-account.ts';

const held = [
  ['AWS::DynamoDB::Table', 'postern_audit'],
  ['AWS::Lambda::Function', 'postern-front-door'],
  ['AWS::S3::Bucket', 'the-archive'],
  ['AWS::KMS::Key', 'the-key'],
  ['AWS::Logs::LogGroup', '/aws/lambda/postern-front-door'],
  ['AWS::SecretsManager::Secret', 'postern/openai'],
].map(([typeName = '', identifier = '']) => ({ typeName, identifier }));

/** Tears down with what the operator types; answers what was done, in order, and what was told. */
function teardown(typed: string) {
  const done: string[] = [];
  const told: string[] = [];
  const run = tearDown({
    place: PLACE,
    resources: async () => held,
    ask: async () => typed,
    destroy: () => {
      done.push('destroy');
    },
    remove: async ({ identifier }) => {
      done.push(identifier);
    },
    tell: (line) => told.push(line),
  });
  return { run, done, told };
}

test('once the account is typed, the stack goes, then what it leaves behind, but never the archive and its keys', async () => {
  const { run, done, told } = teardown(` ${PLACE.account}\n`);
  await run;
  expect(done).toEqual(['destroy', 'postern_audit', '/aws/lambda/postern-front-door', 'postern/openai']);
  expect(told.slice(-2)).toEqual(['  AWS::S3::Bucket the-archive', '  AWS::KMS::Key the-key']);
});

test.each(['', 'yes', '999999999999'])('after "%s" nothing is deleted', async (typed) => {
  const { run, done } = teardown(typed);
  expect(await lineOf(run)).toBe('nothing was deleted');
  expect(done).toEqual([]);
});
