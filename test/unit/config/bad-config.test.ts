import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { makeConfig } from '../../../lambdas/shared/adapters/config/load-config.ts';
import { ConfigError } from '../../../lambdas/shared/domain/config-error.ts';

const AT = { partition: 'aws', region: 'eu-central-1', accountId: '123456789012' };
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

type Edit = (text: string) => string;

/** The repository's configuration with one file changed, in a folder of its own. */
function folderWith(file: string, edit: Edit): string {
  const folder = mkdtempSync(join(tmpdir(), 'postern-bad-config-'));
  folders.push(folder);
  cpSync('config', folder, { recursive: true });
  const before = readFileSync(join(folder, file), 'utf8');
  const after = edit(before);
  if (after === before) throw new Error('the edit changes nothing');
  writeFileSync(join(folder, file), after);
  return folder;
}

const lineOf = (file: string, words: string) =>
  readFileSync(join('config', file), 'utf8').split(words)[0]?.split('\n').length;
const lastLine = (file: string) => readFileSync(join('config', file), 'utf8').split('\n').length;
const also =
  (text: string): Edit =>
  (before) =>
    `${before}${text}\n`;
const instead =
  (words: string, others: string): Edit =>
  (before) =>
    before.replace(words, others);

const METRICS = lineOf('catalog.json', '"bank_operational_metrics"');
const END = lastLine('guardrails.cedar');

/** What is wrong, the file, how it is made so, and what is said of it. */
const BAD: [string, string, Edit, string | RegExp][] = [
  [
    'a catalog that is no JSON',
    'catalog.json',
    instead('"version": 1,', '"version": 1'),
    /^catalog\.json:\d+: is not JSON$/,
  ],
  [
    'a catalog with an unknown field',
    'catalog.json',
    instead('"key": "bank_operational_metrics"', '"key": "bank_operational_metrics", "colour": "red"'),
    new RegExp(`^catalog\\.json:${METRICS}: resources\\.\\d+: Unrecognized key: "colour"`),
  ],
  [
    'a catalog with an unknown kind',
    'catalog.json',
    instead('"dynamodb-table"', '"dynamodb-tabel"'),
    new RegExp(`^catalog\\.json:${lineOf('catalog.json', '"kind"')}: resources\\.0\\.kind: Invalid option`),
  ],
  [
    'a catalog with an action of another service',
    'catalog.json',
    instead('"dynamodb:Scan"', '"s3:Scan"'),
    /^catalog\.json:\d+: \w+: s3:Scan is not an action of a dynamodb-table$/,
  ],
  [
    'a catalog that gives one action two levels',
    'catalog.json',
    (text) => {
      const catalog = JSON.parse(text);
      const [first] = catalog.resources;
      const other = { ...first, key: 'another_table', actions: { admin: first.actions.read } };
      return JSON.stringify({ ...catalog, resources: [...catalog.resources, other] });
    },
    /^catalog\.json: .* is "admin" for another_table and "read" elsewhere; give it one level$/,
  ],
  [
    'a catalog whose owners are nobody',
    'catalog.json',
    instead('"key": "bank_operational_metrics"', '"key": "bank_operational_metrics", "ownerTier": "nobody"'),
    /^catalog\.json:\d+: bank_operational_metrics: tier "nobody" is not in approvals\.json$/,
  ],
  [
    'guardrails that do not parse',
    'guardrails.cedar',
    also('permit (principal, action'),
    /^guardrails\.cedar:\d+: does not parse: /,
  ],
  [
    'a guardrail on an unknown resource',
    'guardrails.cedar',
    also('@id("typo") permit (principal, action, resource == Resource::"bank_balence");'),
    `guardrails.cedar:${END}: typo: Resource::"bank_balence" is not in catalog.json`,
  ],
  [
    'a guardrail on an unknown action',
    'guardrails.cedar',
    also('@id("typo") permit (principal, action == Action::"dynamodb:GetIten", resource);'),
    new RegExp(`^guardrails\\.cedar:${END}: typo: .*dynamodb:GetIten`),
  ],
  [
    'a guardrail that contradicts itself',
    'guardrails.cedar',
    also('@id("never") permit (principal, action, resource) when { resource.sensitivity == "secret" };'),
    `guardrails.cedar:${END}: never: sensitivity == "secret" can never be; check the spelling`,
  ],
  [
    'two guardrails of one name',
    'guardrails.cedar',
    also('@id("suspended-never") forbid (principal, action, resource);'),
    /^guardrails\.cedar:\d+: @id\("suspended-never"\) is used twice; name each policy once$/,
  ],
  [
    'two tiers of one name',
    'approvals.json',
    instead('"security-oncall"', '"access-approvers"'),
    /^approvals\.json:3: tiers: tier names must be unique$/,
  ],
  [
    'limits of nothing',
    'limits.json',
    instead('"openRequests": 20', '"openRequests": 0'),
    /^limits\.json:3: human\.openRequests: /,
  ],
  [
    'limits with an unknown field',
    'limits.json',
    instead('"denials"', '"denails"'),
    /^limits\.json:5: suspension\.denials: /,
  ],
];

describe('configuration that cannot be used stops everything, with its file and what to do', () => {
  test.each(BAD)('%s', (_, file, edit, message) => {
    const folder = folderWith(file, edit);
    expect(() => makeConfig(AT, folder)).toThrow(ConfigError);
    expect(() => makeConfig(AT, folder)).toThrow(message);
  });

  test('a file that is not there', () => {
    const folder = folderWith('limits.json', also(' '));
    rmSync(join(folder, 'limits.json'));
    expect(() => makeConfig(AT, folder)).toThrow(
      `limits.json: cannot be read in ${folder}; set POSTERN_CONFIG_DIR to its folder`,
    );
  });
});

describe.concurrent.each(['sandbox/start.ts', 'infra/synth.ts', 'scripts/guardrails.ts'])(
  'node %s',
  (command) => {
    test('ends with the very same line', async () => {
      const typo = '@id("typo") permit (principal, action, resource == Resource::"bank_balence");';
      const POSTERN_CONFIG_DIR = folderWith('guardrails.cedar', also(typo));
      const { PATH, HOME } = process.env;
      const ended = promisify(execFile)(process.execPath, [resolve(command), 'matrix'], {
        cwd: POSTERN_CONFIG_DIR,
        env: { PATH, HOME, PORT: '0', AWS_PORT: '0', GATEWAY_PORT: '0', CHAT_PORT: '0', POSTERN_CONFIG_DIR },
      });
      await expect(ended).rejects.toMatchObject({
        code: 1,
        stderr: expect.stringContaining(
          `guardrails.cedar:${END}: typo: Resource::"bank_balence" is not in catalog.json`,
        ),
      });
    }, 60_000);
  },
);
