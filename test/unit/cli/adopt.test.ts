import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { quietnessOf } from '../../../clients/adopt/uses-of.ts';
import { idFor } from '../../../clients/adopt/write-adopted.ts';
import { readFolder } from '../../../clients/cli/folder/read-folder.ts';
import { accountOf } from '../../../clients/iam/account/account-of.ts';
import { collectedSchema } from '../../../clients/iam/account/collected-account.ts';
import { data } from '../../support/policy/check-case.ts';
import { COLLECTED, role } from '../../support/policy/collected-account.ts';
import { runHere } from '../../support/run-here.ts';

const place = mkdtempSync(join(tmpdir(), 'postern-adopt-'));
afterAll(() => rmSync(place, { recursive: true }));

const WRITER = 'arn:aws:iam::111122223333:role/writer';
const call = (source: string, name: string, last: string, resources: readonly string[] = []) => ({
  ...{ principal: WRITER, source: `${source}.amazonaws.com`, name, resources, error: '' },
  ...{ region: 'eu-central-1', count: 3, first: '2026-11-01T00:00:00Z', last },
});
const JOBS = 'arn:aws:sqs:eu-central-1:111122223333:jobs';
const ORDERS = 'arn:aws:dynamodb:eu-central-1:111122223333:table/orders';
const USED = [
  call('sqs', 'SendMessage', '2026-11-20T00:00:00Z', [JOBS]),
  call('dynamodb', 'GetItem', '2026-11-27T00:00:00Z', [ORDERS]),
];

const collected = (seen: readonly object[] | undefined, more: object = {}) => ({
  ...COLLECTED,
  ...more,
  ...(seen && { calls: { events: 9, ofOthers: 0, unread: 0, dataEventsOf: [], seen } }),
});
const fileOf = (name: string, content: object): string => {
  const file = join(place, name);
  writeFileSync(file, JSON.stringify(content));
  return file;
};
const account = fileOf('account.json', collected(USED));

describe('what keys were used for', () => {
  test('becomes entries, guardrails, and a folder that `apply` takes', async () => {
    const into = join(place, 'adopted');
    const args = ['adopt', 'writer', '--from', account, '--owner', 'olga', '--into', into];
    const { code, out } = await runHere(args);
    expect([code, out]).toEqual([0, expect.stringContaining('the principal writer, in the group writer')]);
    expect(out).toContain('postern adopt writer --in-use');

    const { folder, problems } = await readFolder(into);
    expect(problems).toEqual([]);
    expect(folder.principals.get('writer')).toMatchObject({
      ...{ type: 'agent', status: 'active', groups: ['writer'] },
      ...{ awsPrincipals: [WRITER], persons: ['olga'] },
    });
    expect(folder.policies.get('writer')).toContain('It reads orders.\nIt writes jobs.');
    expect(readFileSync(join(into, 'writer.guardrails.cedar'), 'utf8')).toContain(
      'principal in Group::"writer"',
    );
    expect(JSON.parse(readFileSync(join(into, 'writer.catalog.json'), 'utf8')).resources).toHaveLength(2);

    // What somebody has worked on meanwhile is not written over.
    const policy = join(into, 'policies', 'writer.txt');
    writeFileSync(policy, 'Our own words.');
    const again = await runHere(args);
    expect([again.code, again.err]).toEqual([1, expect.stringContaining('is there already')]);
    expect(readFileSync(policy, 'utf8')).toBe('Our own words.');
  });

  test('is nobody’s without an owner', async () => {
    const { code, err } = await runHere(['adopt', 'writer', '--from', account]);
    expect([code, err]).toEqual([1, expect.stringContaining('--owner')]);
  });

  test.each([
    [['--as', 'Writer!'], 'no id of a principal'],
    [['--owner', ''], 'persons.1: Too small'],
  ])('is not written under %j', async (more, said) => {
    const into = join(place, 'refused');
    const { code, err } = await runHere([
      ...['adopt', 'writer', '--from', account, '--owner', 'olga', '--into', into],
      ...more,
    ]);
    expect([code, err]).toEqual([2, expect.stringContaining(said)]);
  });

  test('of a role that people sign in with is refused: they come in another way', async () => {
    const arn =
      'arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admins_0123456789abcdef';
    const RoleName = 'AWSReservedSSO_Admins_0123456789abcdef';
    const details = COLLECTED.authorizationDetails;
    const file = fileOf(
      'sso.json',
      collected([{ ...USED[0], principal: arn }], {
        authorizationDetails: {
          ...details,
          RoleDetailList: [role(RoleName, { Arn: arn, Path: '/aws-reserved/sso.amazonaws.com/' })],
        },
      }),
    );
    const { code, err } = await runHere(['adopt', RoleName, '--from', file, '--owner', 'olga']);
    expect([code, err]).toEqual([2, expect.stringContaining('people of IAM Identity Center')]);
  });

  test.each([
    ['Nightly-Exporter', 'nightly_exporter'],
    ['1st__job', 'st_job'],
    ['../../etc', 'etc'],
  ])('of %s is that of %s', (name, id) => {
    expect(idFor(name)).toBe(id);
  });
});

describe('keys', () => {
  const service = (ServiceNamespace: string, LastAuthenticated?: string) => ({
    ServiceNamespace,
    ...(LastAuthenticated && { LastAuthenticated }),
  });
  const stateOf = (
    seen: readonly object[] | undefined,
    services: readonly object[] | undefined,
    days = 14,
  ) => {
    const found = accountOf(
      collectedSchema.parse(collected(seen, { lastAccessed: services ? { [WRITER]: services } : {} })),
      data,
    );
    const writer = found.roles.find(({ name }) => name === 'writer');
    if (!writer) throw new Error('no such role');
    return quietnessOf(found, writer, days);
  };

  test('that made a call within the days are in use', () => {
    expect(stateOf(USED, [service('sqs', '2026-11-20T00:00:00Z')])).toMatchObject({
      state: 'in-use',
      last: { what: 'dynamodb:GetItem' },
    });
  });

  test('that no trail shows are in use where AWS saw them', () => {
    expect(stateOf([], [service('s3', '2026-11-28T00:00:00Z')])).toMatchObject({
      state: 'in-use',
      last: { what: 's3' },
    });
  });

  test('that only asked the broker, and who they are, are quiet', () => {
    const seen = [
      call('sqs', 'SendMessage', '2026-11-01T00:00:00Z', [JOBS]),
      call('sts', 'GetCallerIdentity', '2026-11-28T00:00:00Z'),
    ];
    const services = [
      service('execute-api', '2026-11-28T00:00:00Z'),
      service('sts', '2026-11-28T00:00:00Z'),
      service('sqs', '2026-11-01T00:00:00Z'),
      service('s3'),
    ];
    expect(stateOf(seen, services)).toMatchObject({ state: 'quiet', last: { what: 'sqs:SendMessage' } });
    // Without a trail, nobody knows what STS was asked.
    expect(stateOf(undefined, services)).toMatchObject({ state: 'in-use', last: { what: 'sts' } });
  });

  test('of which AWS was not asked are not said to be quiet', () => {
    expect(stateOf([], undefined)).toMatchObject({ state: 'unknown' });
  });

  test('that are younger than the days are not said to be quiet', () => {
    expect(stateOf([], [service('s3')], 400)).toMatchObject({ state: 'unknown' });
  });

  test('end the command as a script can tell', async () => {
    const quiet = fileOf('quiet.json', collected([], { lastAccessed: { [WRITER]: [service('s3')] } }));
    const told = async (file: string) => {
      const { code, out } = await runHere(['adopt', 'writer', '--from', file, '--in-use', '--days', '14']);
      return [code, out.split('\n')[0]];
    };
    expect(await told(account)).toEqual([1, 'in use: writer still calls AWS past the broker']);
    expect(await told(quiet)).toEqual([
      0,
      'quiet: writer did nothing but ask the broker for 14 days; nothing else is known of it',
    ]);
    expect(await told(fileOf('none.json', collected([], { lastAccessed: {} })))).toEqual([
      3,
      expect.stringContaining('not known of writer'),
    ]);
  });
});
