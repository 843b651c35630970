import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readAccount } from '../../../clients/iam/account/read-account.ts';
import { collectAccount } from '../../../clients/iam/collect/collect-account.ts';
import { READS, type Read, type ReadName, ReadRefused } from '../../../clients/iam/collect/reads.ts';
import { MOST_PAGES } from '../../../clients/iam/collect/trails/calls-of-lookup.ts';
import { auditAccount } from '../../../policy/audit/audit-account.ts';
import { evaluate } from '../../../policy/evaluate/evaluate.ts';
import { parsePolicy } from '../../../policy/parse/parse-policy.ts';
import { makeReference, prove } from '../../../policy/prove/prove.ts';
import { ownPolicy } from '../../../policy/questions/satisfiable.ts';
import { awsToCollect, trailEvent, trailFile } from '../../support/policy/aws-to-collect.ts';
import { data } from '../../support/policy/check-case.ts';
import { COLLECTED } from '../../support/policy/collected-account.ts';

const folder = mkdtempSync(join(tmpdir(), 'postern-collect-'));
afterAll(() => rmSync(folder, { recursive: true }));

const fresh = (): string => mkdtempSync(join(folder, 'run-'));
const NOW = new Date('2026-11-29T00:00:00Z');

/** A folder of log files: one call of the writer, allowed. */
const trail = fresh();
mkdirSync(join(trail, '2026'));
writeFileSync(join(trail, '2026', 'a.json.gz'), trailFile(trailEvent(), trailEvent()));
writeFileSync(join(trail, '2026', 'digest_CloudTrail-Digest_1.json.gz'), 'signatures of others');

type More = { file?: string; cloudTrail?: readonly string[]; days?: number; now?: Date };

async function collect(read: Read, { file = join(fresh(), 'account.json'), ...more }: More = {}) {
  const told: string[] = [];
  const { cloudTrail = [trail], days = 90, now = NOW } = more;
  const collected = await collectAccount(
    { file, days, cloudTrail, home: 'eu-central-1', regions: ['eu-central-1'] },
    { read, tell: (text) => told.push(text), wait: async () => {}, now: () => now },
  );
  return { ...collected, file, told, value: JSON.parse(readFileSync(file, 'utf8')) };
}

describe('an account is collected', () => {
  test('whole, in pages, by reads alone, into a file for this user’s eyes', async () => {
    const aws = awsToCollect();
    const { file, gaps, value, told } = await collect(aws.read);
    expect(gaps).toEqual({});
    const { serviceControlPolicies, resourceControlPolicies, calls, lastAccessed, ...rest } = value;
    const {
      serviceControlPolicies: _,
      resourceControlPolicies: __,
      lastAccessed: ___,
      ...expected
    } = COLLECTED;
    expect(rest).toEqual({ ...expected, collectedAt: NOW.toISOString(), gaps: {} });
    expect(serviceControlPolicies.map(({ Target }: { Target: string }) => Target)).toEqual([
      '111122223333',
      'ou-1',
      'r-1',
    ]);
    expect(resourceControlPolicies).toEqual([
      expect.objectContaining({ Name: 'no strangers', Target: 'r-1' }),
    ]);
    expect(Object.keys(lastAccessed)).toHaveLength(7);
    expect(calls).toMatchObject({ events: 2, ofOthers: 0, unread: 0, dataEventsOf: ['sqs.amazonaws.com'] });
    expect(calls.seen).toEqual([expect.objectContaining({ name: 'SendMessage', count: 2, error: '' })]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(told).toContain('the credential report');
    const { findings, principals } = auditAccount(await readAccount(file, data), { breakGlass: [] }, data);
    expect(findings.map(({ id }) => id)).toEqual(expect.arrayContaining(['A01', 'A03', 'T02']));
    const writer = principals.find(({ name }) => name === 'writer');
    expect(writer?.uses.find(({ what }) => what === 'sqs:SendMessage')?.why).toContain('as a trail shows');
  });

  test('again after it was stopped, at whichever call, without what it had', async () => {
    const whole = awsToCollect();
    const { value } = await collect(whole.read);
    const file = join(fresh(), 'account.json');
    let stops = 0;
    for (let most = 1; ; most += 3) {
      const aws = awsToCollect();
      let made = 0;
      const dying: Read = async (...call) => {
        made += 1;
        if (made > most) throw new ReadRefused('ServiceUnavailable', 'try again');
        return await aws.read(...call);
      };
      const ended = await collect(dying, { file }).catch((error: Error) => error);
      if (!(ended instanceof Error)) {
        expect(ended.value).toEqual(value);
        break;
      }
      expect(ended.message).toBe('try again');
      stops += 1;
    }
    expect(stops).toBeGreaterThan(3);
    // Nothing is left of it, and what was read once was not read again.
    expect(() => statSync(`${file}.partial`)).toThrow('ENOENT');
  });

  test('and what an earlier run left is not read again, but for a line that was cut off', async () => {
    const file = join(fresh(), 'account.json');
    const dies = awsToCollect({
      'iam:GenerateServiceLastAccessedDetails': () => {
        throw new ReadRefused('Throttling', 'Rate exceeded');
      },
    });
    await expect(collect(dies.read, { file })).rejects.toThrow('Rate exceeded');
    const partial = `${file}.partial`;
    writeFileSync(partial, `${readFileSync(partial, 'utf8')}{"unit":"lastAcc`);
    const aws = awsToCollect();
    const { told } = await collect(aws.read, { file });
    expect(told[0]).toMatch(/^going on with what was begun/);
    expect(aws.namesCalled()).toEqual([
      'iam:GenerateServiceLastAccessedDetails',
      'iam:GetServiceLastAccessedDetails',
      'sts:GetCallerIdentity',
    ]);
  });

  test.each([
    ['of another account', {}, { account: '999900001111' }, 'is of account 111122223333'],
    ['with other options', { days: 30 }, {}, 'other options'],
    ['begun long ago', { now: new Date('2026-12-29T00:00:00Z') }, {}, 'too long ago'],
    ['damaged', { damage: '{"unit":1}\n' }, {}, '.partial:3 cannot be read'],
    ['something else', { head: '{"version":1}\n' }, {}, '.partial:1 is no partial collection'],
  ])(
    'a partial file that is %s is refused in a line',
    async (_, more, { account }: { account?: string }, said) => {
      const file = join(fresh(), 'account.json');
      const dies = awsToCollect({
        'iam:GenerateCredentialReport': () => {
          throw new Error('stopped');
        },
      });
      await expect(collect(dies.read, { file })).rejects.toThrow('stopped');
      const partial = `${file}.partial`;
      const [head = '', first = ''] = readFileSync(partial, 'utf8').split('\n');
      if ('damage' in more) writeFileSync(partial, `${head}\n${first}\n${more.damage}`);
      if ('head' in more) writeFileSync(partial, more.head);
      const aws = awsToCollect(account ? { 'sts:GetCallerIdentity': () => ({ Account: account }) } : {});
      await expect(collect(aws.read, { file, ...more })).rejects.toThrow(said);
    },
  );
});

describe('a permission that is missing', () => {
  const BOTH = ['serviceControlPolicies', 'resourceControlPolicies'];
  const OPTIONAL: readonly [ReadName, string | readonly string[]][] = [
    ['iam:GenerateCredentialReport', 'credentialReport'],
    ['iam:GetCredentialReport', 'credentialReport'],
    ['iam:GetAccountSummary', 'accountSummary'],
    ['iam:GetAccountPasswordPolicy', 'passwordPolicy'],
    ['access-analyzer:ListAnalyzers', 'analyzers'],
    ['cloudtrail:DescribeTrails', 'trails'],
    ['cloudtrail:GetTrailStatus', 'trails'],
    ['organizations:DescribeOrganization', BOTH],
    ['organizations:ListPoliciesForTarget', BOTH],
    ['organizations:DescribePolicy', BOTH],
    ['organizations:ListParents', BOTH],
    ['iam:GenerateServiceLastAccessedDetails', 'lastAccessed'],
    ['iam:GetServiceLastAccessedDetails', 'lastAccessed'],
  ];
  test.each(OPTIONAL)('%s is a named gap, and nothing stands in for it', async (name, parts) => {
    const { gaps, value } = await collect(awsToCollect({}, [name]).read);
    expect(gaps).toEqual(Object.fromEntries([parts].flat().map((part) => [part, `AccessDenied: ${name}`])));
    for (const part of [parts].flat()) expect(value).not.toHaveProperty(part);
    expect(value.gaps).toEqual(gaps);
  });

  test('of a partition that does not know resource control policies, and of one that has them switched off', async () => {
    const refusing = (code: string) =>
      awsToCollect({
        'organizations:ListPoliciesForTarget': ({ Filter }) => {
          if (Filter === 'RESOURCE_CONTROL_POLICY') throw new ReadRefused(code, 'no');
          return { Policies: [] };
        },
      });
    const unknown = await collect(refusing('InvalidInputException').read);
    expect(unknown.gaps).toEqual({
      resourceControlPolicies:
        'InvalidInputException: organizations:ListPoliciesForTarget of RESOURCE_CONTROL_POLICY',
    });
    const off = await collect(refusing('PolicyTypeNotEnabledException').read);
    expect(off.gaps).toEqual({});
    expect(off.value.resourceControlPolicies).toEqual([]);
  });

  test('of a trail’s files, and of CloudTrail’s own history', async () => {
    const inBucket = await collect(awsToCollect({}, ['s3:ListBucket']).read, {
      cloudTrail: ['s3://logs/all'],
    });
    expect(inBucket.gaps).toEqual({ calls: 'AccessDenied: s3:ListBucket' });
    const looked = await collect(awsToCollect({}, ['cloudtrail:LookupEvents']).read, { cloudTrail: [] });
    expect(looked.gaps).toEqual({ calls: 'AccessDenied: cloudtrail:LookupEvents' });
  });

  test('without users, roles and policies nothing is said', async () => {
    await expect(collect(awsToCollect({}, ['iam:GetAccountAuthorizationDetails']).read)).rejects.toThrow(
      'AccessDenied: iam:GetAccountAuthorizationDetails',
    );
  });
});

test('outside an organisation, and in its management account, no policy of one limits', async () => {
  const outside = awsToCollect({
    'organizations:DescribeOrganization': () => {
      throw new ReadRefused('AWSOrganizationsNotInUseException', 'none');
    },
  });
  const none = { serviceControlPolicies: [], resourceControlPolicies: [] };
  expect((await collect(outside.read)).value).toMatchObject(none);
  const management = awsToCollect({
    'organizations:DescribeOrganization': () => ({ Organization: { MasterAccountId: COLLECTED.account } }),
  });
  expect((await collect(management.read)).value).toMatchObject(none);
});

describe('calls', () => {
  test('of a bucket: this account’s, of all regions, from the first day on', async () => {
    const keys = [
      'all/AWSLogs/111122223333/CloudTrail/eu-central-1/2026/08/01/old.json.gz',
      'all/AWSLogs/111122223333/CloudTrail/eu-central-1/2026/11/20/one.json.gz',
      'all/AWSLogs/111122223333/CloudTrail/us-east-1/2026/11/21/two.json.gz',
      'all/AWSLogs/111122223333/CloudTrail-Digest/us-east-1/2026/11/21/three.json.gz',
      'all/AWSLogs/o-abc/111122223333/CloudTrail/us-east-1/2026/11/22/four.json.gz',
      'all/AWSLogs/o-abc/444455556666/CloudTrail/us-east-1/2026/11/22/others.json.gz',
    ];
    const aws = awsToCollect({
      's3:ListBucket': ({ Prefix = '', Delimiter, StartAfter = '', ContinuationToken }) => {
        const found = keys.filter((key) => key.startsWith(String(Prefix)) && key > String(StartAfter));
        if (!Delimiter) {
          // One key a page.
          const nth = Number(ContinuationToken ?? 0);
          const Contents = found.slice(nth, nth + 1).map((Key) => ({ Key }));
          return { Contents, IsTruncated: nth + 1 < found.length, NextContinuationToken: String(nth + 1) };
        }
        const below = found.map((key) => `${Prefix}${key.slice(String(Prefix).length).split('/')[0]}/`);
        return { CommonPrefixes: [...new Set(below)].map((name) => ({ Prefix: name })) };
      },
      's3:GetObject': () => new Uint8Array(trailFile(trailEvent())),
    });
    const { value } = await collect(aws.read, { cloudTrail: ['s3://logs/all'] });
    const read = aws.calls.filter(({ name }) => name === 's3:GetObject').map(({ input }) => input.Key);
    expect(read).toEqual([keys[1], keys[2], keys[4]]);
    expect(value.calls.events).toBe(3);
  });

  test('of CloudTrail’s own history: so many pages, and a gap where there are more', async () => {
    const few = awsToCollect();
    const { value } = await collect(few.read, { cloudTrail: [] });
    expect(value.calls.events).toBe(2);
    // The calls of IAM are told in a region of their own.
    const looked = few.calls.filter(({ name }) => name === 'cloudtrail:LookupEvents');
    expect(looked.map(({ region }) => region)).toEqual(['eu-central-1', 'us-east-1']);
    const many = awsToCollect({
      'cloudtrail:LookupEvents': (_, nth) => {
        if (nth === MOST_PAGES)
          throw new ReadRefused('AccessDenied', 'an organisation’s policy spares no region');
        return {
          Events: [{ CloudTrailEvent: JSON.stringify(trailEvent()) }, { CloudTrailEvent: 'cut off' }],
          NextToken: `page ${nth}`,
        };
      },
    });
    const cut = await collect(many.read, { cloudTrail: [] });
    expect(cut.value.calls).toMatchObject({ events: 2 * MOST_PAGES, unread: MOST_PAGES });
    expect(cut.gaps.calls).toMatch(
      /^calls of IAM are told in us-east-1: AccessDenied: cloudtrail:LookupEvents; there are more events .* eu-central-1 before 2026-11-20T10:00:00Z/,
    );
    expect(many.calls.filter(({ name }) => name === 'cloudtrail:LookupEvents')).toHaveLength(MOST_PAGES + 1);
  });

  test('of an Athena result, in any order of columns, with what a reader of CSV has to bear', async () => {
    const file = join(fresh(), 'result.csv');
    writeFileSync(
      file,
      '"calls","principal","eventsource","eventname","errorcode","awsregion","resource","first","last","dataevent"\n' +
        '"7","arn:aws:iam::111122223333:role/writer","s3.amazonaws.com","GetObject","","eu-central-1","arn:aws:s3:::b/a,""b""\nc","2026-11-01T00:00:00Z","2026-11-02T00:00:00Z","true"\n',
    );
    const { value } = await collect(awsToCollect().read, { cloudTrail: [file] });
    expect(value.calls).toMatchObject({
      events: 7,
      from: '2026-11-01T00:00:00.000Z',
      dataEventsOf: ['s3.amazonaws.com'],
    });
    expect(value.calls.seen[0]).toMatchObject({ count: 7, resources: ['arn:aws:s3:::b/a,"b"\nc'] });
  });

  test('of services, other accounts and the root user are nobody’s here', async () => {
    const place = fresh();
    writeFileSync(
      join(place, 'x.jsonl'),
      [
        trailEvent({ userIdentity: { type: 'AWSService', invokedBy: 'x' } }),
        trailEvent({ userIdentity: { type: 'Root', arn: 'arn:aws:iam::111122223333:root' } }),
        trailEvent({ userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::444455556666:user/x' } }),
        trailEvent({ userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/ann' } }),
        { nonsense: true },
      ]
        .map((event) => JSON.stringify(event))
        .join('\n'),
    );
    const { value } = await collect(awsToCollect().read, { cloudTrail: [place] });
    expect(value.calls).toMatchObject({ events: 5, ofOthers: 3, unread: 1 });
    expect(value.calls.seen.map(({ principal }: { principal: string }) => principal)).toEqual([
      'arn:aws:iam::111122223333:user/ann',
    ]);
  });

  const CSV =
    '"principal","eventsource","eventname","errorcode","awsregion","resource","calls","first","last","dataevent"\n';
  test.each([
    ['a.json.gz', trailFile(trailEvent()).subarray(0, 60), 'a.json.gz is cut off after 60 bytes'],
    ['a.json.gz', Buffer.from('no gzip'), 'a.json.gz cannot be unpacked'],
    ['a.json', '{"Records":[{"eve', 'a.json is no JSON: it may have been cut off'],
    ['a.json', '[]', 'a.json is no log file of CloudTrail'],
    ['a.jsonl', `${JSON.stringify(trailEvent())}\n{"event`, 'a.jsonl:2 is no JSON'],
    ['a.csv', 'a,b\n', 'a.csv is no result of the query'],
    [
      'a.csv',
      `${CSV}"arn:aws:iam::1:role/x","s3.amazonaws.com","Get`,
      'a.csv:2 is no CSV: it may have been cut off',
    ],
    ['a.csv', `${CSV}"arn:aws:iam::1:role/x","s3.amazonaws.com"\n`, 'a.csv:2 is no row'],
    ['none.txt', '', 'has no log file of CloudTrail'],
  ])('a trail’s file that is wrong is told in a line with where: %s %#', async (name, content, said) => {
    const place = fresh();
    writeFileSync(join(place, name), content);
    const failure = await collect(awsToCollect().read, { cloudTrail: [place] }).catch(
      (error: Error) => error,
    );
    expect(failure).toMatchObject({ name: 'PosternError', message: expect.stringContaining(said) });
    expect((failure as Error).message).not.toContain('\n');
  });
});

describe('the least policy of who collects', () => {
  const text = readFileSync('docs/examples/iam/collector.json', 'utf8');
  const read = parsePolicy(text, 'identity');
  if (!read.ok) throw new Error(JSON.stringify(read.refusals));
  const { policy } = read;
  /** What needs no permission. */
  const FREE: readonly ReadName[] = ['sts:GetCallerIdentity'];
  const RESOURCES: Partial<Record<ReadName, string>> = {
    's3:ListBucket': 'arn:aws:s3:::example-trail',
    's3:GetObject':
      'arn:aws:s3:::example-trail/AWSLogs/111122223333/CloudTrail/eu-central-1/2026/11/20/a.json.gz',
  };

  test.each(READS.filter((name) => !FREE.includes(name)))('allows %s', (action) => {
    const request = {
      principal: { kind: 'aws', arn: 'arn:aws:iam::111122223333:user/auditor' } as const,
      resourceAccountId: '111122223333',
      context: {},
    };
    const resource = RESOURCES[action] ?? '*';
    expect(evaluate({ ...request, action, resource }, { identity: [policy] }).outcome).toBe('allowed');
  });

  test('and nothing else', () => {
    const all = ownPolicy([{ Effect: 'Allow', Action: READS, Resource: '*' }]);
    expect(prove([[policy]], makeReference([[all]])).verdict).toBe('within');
  });

  test('and these are the calls that are made', async () => {
    const [files, looked] = [
      awsToCollect({
        's3:ListBucket': ({ Prefix, Delimiter }) =>
          Delimiter
            ? { CommonPrefixes: [{ Prefix: `${Prefix}111122223333/` }] }
            : { Contents: [{ Key: 'a/b.json.gz' }] },
        's3:GetObject': () => new Uint8Array(trailFile(trailEvent())),
      }),
      awsToCollect(),
    ];
    await collect(files.read, { cloudTrail: ['s3://logs'] });
    await collect(looked.read, { cloudTrail: [] });
    expect([...new Set([...files.namesCalled(), ...looked.namesCalled()])].sort()).toEqual([...READS].sort());
  });
});
