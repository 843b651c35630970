import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { runCli } from '../../../clients/cli/run-cli.ts';
import { READS } from '../../../clients/iam/collect/reads.ts';
import { recordUsedCalls } from '../../../sandbox/record-used-calls.ts';
import { resolveTemplate } from '../../../sandbox/template/resolve-template.ts';
import type { RoleSpec } from '../../../sandbox/template/types.ts';
import { template } from '../../support/template.ts';
import { callJson, callQuery, type Keys } from './signed-call.ts';
import { ACCOUNT, allow, document, NOTES, role, type Small, startSmall } from './small-endpoint.ts';

const folder = mkdtempSync(join(tmpdir(), 'postern-audit-sandbox-'));
const collected = join(folder, 'account.json');
const LAST_YEAR = new Date(Date.now() - 365 * 86_400_000);
const OWN = document({
  Effect: 'Allow',
  Principal: { Service: 'lambda.amazonaws.com' },
  Action: 'sts:AssumeRole',
});
const READ = allow(
  ['dynamodb:DescribeTable', 'dynamodb:GetItem', 'dynamodb:PutItem'],
  `arn:aws:dynamodb:eu-central-1:${ACCOUNT}:table/notes`,
);
const planted = (spec: RoleSpec): RoleSpec => ({ ...spec, createdAt: LAST_YEAR });

/** What is planted: an unused write, an escalation by two policies, a trust without ExternalId; a role drifts later. */
const ROLES: readonly RoleSpec[] = [
  planted(role('exporter', OWN, READ)),
  planted({
    ...role('deployer', OWN, allow('iam:PassRole')),
    policies: [
      { name: 'pass', document: document(allow('iam:PassRole')) },
      { name: 'make', document: document(allow(['lambda:CreateFunction', 'lambda:InvokeFunction'])) },
    ],
  }),
  planted(
    role(
      'partner',
      document({ Effect: 'Allow', Principal: { AWS: '444455556666' }, Action: 'sts:AssumeRole' }),
      READ,
    ),
  ),
  planted(
    role('drifted', OWN, allow('dynamodb:Scan', `arn:aws:dynamodb:eu-central-1:${ACCOUNT}:table/notes`)),
  ),
];

let small: Small;
let auditor: Keys;

async function run(...args: readonly string[]) {
  const said = { out: '', err: '' };
  const code = await runCli(['iam', ...args], {
    out: (text) => {
      said.out += `${text}\n`;
    },
    err: (text) => {
      said.err += `${text}\n`;
    },
    env: process.env,
    self: [],
    isWatched: false,
    signal: new AbortController().signal,
  });
  return { code, ...said };
}

beforeAll(async () => {
  small = await startSmall({ tables: [NOTES], roles: [...ROLES] });
  auditor = small.user('auditor', [allow([...READS])]);
  const used = recordUsedCalls(small.aws, folder);
  const exporter = small.aws.credentials.issue(ROLES[0] as RoleSpec, {
    sessionName: 'one',
    sourceIdentity: 'analyst1',
  });
  await callJson(small.aws.url, exporter, 'DynamoDB_20120810.GetItem', {
    TableName: 'notes',
    Key: { owner_id: { S: 'ada' }, at: { S: '1' } },
  });
  await callJson(small.aws.url, exporter, 'DynamoDB_20120810.DescribeTable', { TableName: 'notes' });
  used.end();
  await callQuery(small.aws.url, small.admin, 'iam', {
    Action: 'PutRolePolicy',
    RoleName: 'drifted',
    PolicyName: 'by-hand',
    PolicyDocument: JSON.stringify(document(allow('dynamodb:DeleteTable'))),
  });
  await callQuery(small.aws.url, auditor, 'iam', {
    Action: 'PutUserPolicy',
    UserName: 'auditor',
    PolicyName: 'more',
    PolicyDocument: JSON.stringify(document(allow('*'))),
  });
  vi.stubEnv('AWS_ENDPOINT_URL', small.aws.url);
  vi.stubEnv('AWS_ACCESS_KEY_ID', auditor.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', auditor.secretAccessKey);
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  // Whose tests these are may have a profile of their own, which would come first.
  vi.stubEnv('AWS_PROFILE', undefined);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await small.aws.close();
  rmSync(folder, { recursive: true });
});

test('the sandbox’s account is collected by the SDK, with what it does not imitate as gaps', async () => {
  const { code, out, err } = await run(
    ...['audit', '--collect', collected, '--cloudtrail', join(folder, 'cloudtrail')],
  );
  expect({ code, err }).toMatchObject({
    code: 0,
    err: expect.stringContaining('when services were last used'),
  });
  expect(out).toContain(`account ${ACCOUNT} is in`);
  expect(JSON.parse(readFileSync(collected, 'utf8')).gaps).toEqual({
    accountSummary: 'InvalidAction: iam:GetAccountSummary',
    analyzers: 'UnknownServiceException: access-analyzer:ListAnalyzers',
    credentialReport: 'InvalidAction: iam:GenerateCredentialReport',
    serviceControlPolicies: 'UnknownServiceException: organizations:DescribeOrganization',
    resourceControlPolicies: 'UnknownServiceException: organizations:DescribeOrganization',
  });
});

test('and what was planted is found', async () => {
  const { out, code } = await run('audit', '--from', collected, '--right-size', '--json');
  expect(code).toBe(1);
  const report = JSON.parse(out);
  const principal = (name: string) =>
    report.principals.find((entry: { name: string }) => entry.name === name);
  // An unused write, taken out, with the call that was seen replayed.
  expect(principal('exporter').uses).toEqual([
    expect.objectContaining({ what: 'dynamodb:DescribeTable', state: 'used' }),
    expect.objectContaining({ what: 'dynamodb:GetItem', state: 'used' }),
    expect.objectContaining({ what: 'dynamodb:PutItem', state: 'unused' }),
  ]);
  expect(report.rightSized.find(({ name }: { name: string }) => name === 'exporter')).toMatchObject({
    removed: ['dynamodb:PutItem'],
    replayed: { calls: 2, kinds: 2, evaluated: 2, proved: 0 },
  });
  // An escalation by two policies, of which neither is one alone.
  expect(principal('deployer').escalations.map(({ id }: { id: string }) => id)).toContain('P52');
  expect(principal('deployer').reaches).toBeUndefined();
  // A trust of another account without an ExternalId, which is a way in.
  expect(report.findings).toContainEqual(
    expect.objectContaining({ id: 'T02', policy: 'role/partner/trust' }),
  );
  expect(principal('partner').wayTo[0]).toMatchObject({ from: 'account 444455556666' });
  expect(principal('admin').score).toBe(0);
});

test('without files, CloudTrail’s own history is looked up: what was planted is found by it, too', async () => {
  const looked = join(folder, 'looked-up.json');
  const { code, err } = await run('audit', '--collect', looked);
  expect({ code, err }).toMatchObject({
    code: 0,
    err: expect.stringContaining('calls that CloudTrail keeps'),
  });
  const { calls, gaps, trails } = JSON.parse(readFileSync(looked, 'utf8'));
  expect([gaps.calls, trails]).toEqual([undefined, []]);
  // The role that was changed by hand: by whom, and what; of a region of its own.
  expect(calls.seen).toContainEqual(
    expect.objectContaining({
      principal: `arn:aws:iam::${ACCOUNT}:user/admin`,
      ...{ source: 'iam.amazonaws.com', name: 'PutRolePolicy', region: 'us-east-1', error: '' },
    }),
  );
  // Reading is told, and what was refused; calls on data are not in the history.
  const named = (name: string) => calls.seen.filter((entry: { name: string }) => entry.name === name);
  expect(named('GetAccountAuthorizationDetails')).toHaveLength(1);
  expect(named('PutUserPolicy')[0]).toMatchObject({ error: 'AccessDenied' });
  expect(named('GetItem')).toEqual([]);
  const { out } = await run('audit', '--from', looked, '--right-size', '--json');
  const report = JSON.parse(out);
  // The call that it tells of is replayed against what the role is left with; the unused write is gone.
  const exporter = report.rightSized.find(({ name }: { name: string }) => name === 'exporter');
  expect(exporter).toMatchObject({ removed: ['dynamodb:PutItem'], replayed: { calls: 1, kinds: 1 } });
  expect(report.findings).toContainEqual(
    expect.objectContaining({ id: 'T02', policy: 'role/partner/trust' }),
  );
  expect(report.findings.map(({ id }: { id: string }) => id)).toContain('A12');
});

test('and a role that drifted from its template', async () => {
  const template = join(folder, 'template.json');
  const Resources = Object.fromEntries(
    ROLES.map(({ name, trust, policies }) => [
      name,
      {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: name,
          AssumeRolePolicyDocument: trust,
          Policies: policies.map((policy) => ({ PolicyName: policy.name, PolicyDocument: policy.document })),
        },
      },
    ]),
  );
  writeFileSync(template, JSON.stringify({ Resources }));
  const { code, out } = await run('drift', '--from', collected, '--committed', template);
  expect(code).toBe(1);
  expect(out).toMatch(/^role\/drifted: wider\n {2}allowed, and not committed: dynamodb:DeleteTable on /m);
  for (const { name } of ROLES.slice(0, 3)) expect(out).toContain(`role/${name}: same\n`);
});

test('the deployment’s own roles are within its template, and one that somebody adds to is not', async () => {
  const own = await startSmall({
    roles: resolveTemplate(template(), { accountId: ACCOUNT, region: 'eu-central-1' }).roles,
  });
  try {
    vi.stubEnv('AWS_ENDPOINT_URL', own.aws.url);
    const [file, committed] = [join(folder, 'own.json'), join(folder, 'own-template.json')];
    writeFileSync(committed, JSON.stringify(template()));
    const reader = own.user('auditor', [allow([...READS])]);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', reader.secretAccessKey);
    const none = join(folder, 'cloudtrail');
    expect(await run('audit', '--collect', file, '--cloudtrail', none)).toMatchObject({ code: 0 });
    const drift = async () => {
      const { out } = await run(
        '--region',
        'eu-central-1',
        'drift',
        '--from',
        file,
        '--committed',
        committed,
        '--json',
      );
      const { policies } = JSON.parse(out) as { policies: { name: string; verdict: string }[] };
      return policies.filter(({ verdict }) => !['same', 'within'].includes(verdict));
    };
    // What AWS's own policies say is not in the sandbox: that is told, and not guessed.
    const unread = expect.objectContaining({ verdict: 'unknown', why: 'not-a-policy' });
    expect(await drift()).toEqual([unread]);
    await callQuery(own.aws.url, own.admin, 'iam', {
      Action: 'PutRolePolicy',
      RoleName: 'postern-load-policy',
      PolicyName: 'by-hand',
      PolicyDocument: JSON.stringify(document(allow('sts:AssumeRole'))),
    });
    await run('audit', '--collect', file, '--cloudtrail', none);
    expect(await drift()).toEqual([
      expect.objectContaining({ name: 'role/postern-load-policy', verdict: 'wider' }),
      unread,
    ]);
  } finally {
    await own.aws.close();
  }
}, 60_000);
