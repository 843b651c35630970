import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { deployed } from '../../support/function-roles.ts';
import { allow, COLLECTED, policyDocument } from '../../support/policy/collected-account.ts';
import { runHere } from '../../support/run-here.ts';

const folder = mkdtempSync(join(tmpdir(), 'postern-audit-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...args: readonly string[]) {
  return runHere(['iam', ...args]);
}

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

describe('iam audit', () => {
  const collected = file('account.json', COLLECTED);

  test('tells the worst first, and exits 1 from the severity on that is named', async () => {
    const { code, out } = await run('audit', '--from', collected);
    expect(code).toBe(1);
    expect(out).toMatch(/^account 111122223333, .*: score 0/);
    expect(out.indexOf('role admin')).toBeLessThan(out.indexOf('user ann'));
    for (const planted of ['A07', 'T02', 'unused: sns, sqs:DeleteQueue']) expect(out).toContain(planted);
    expect((await run('audit', '--from', collected, '--fail-on', 'never')).code).toBe(0);
  });

  test('as JSON, with controls and right-sized policies', async () => {
    const { out } = await run(
      'audit',
      '--from',
      collected,
      '--right-size',
      '--compliance',
      'cis-aws-7',
      '--json',
    );
    const report = JSON.parse(out);
    expect(report.rightSized).toEqual([
      expect.objectContaining({ name: 'writer', removed: ['sqs:DeleteQueue', 'sns:Publish'] }),
    ]);
    const control = (id: string) =>
      report.compliance.controls.find((entry: { id: string }) => entry.id === id);
    expect(control('2.14').state).toBe('not met');
    expect(control('2.10').because[0]).toMatch(/^A03 ann: /);
  });

  test('a framework of one’s own is read from a file', async () => {
    const own = file('own.json', { name: 'House', controls: [{ id: 'H1', title: 'Keys', checks: ['A04'] }] });
    const { out } = await run('audit', '--from', collected, '--compliance', own);
    expect(out).toContain('House: ');
    expect(out).toMatch(/H1 +not met/);
    const wrong = file('wrong.json', { name: 'House', controls: [] });
    expect((await run('audit', '--from', collected, '--compliance', wrong)).code).toBe(2);
    for (const check of ['Z99', 'Z*', 'B99']) {
      const controls = [{ id: 'H1', title: 'A slip', checks: ['A04', check] }];
      const slip = file('slip.json', { name: 'House', controls });
      expect(await run('audit', '--from', collected, '--compliance', slip)).toMatchObject({
        code: 2,
        err: expect.stringContaining(`H1: there is no check ${check}`),
      });
    }
    expect(await run('audit', '--from', collected, '--compliance', 'iso')).toMatchObject({
      code: 2,
      err: expect.stringContaining('cis-aws-7'),
    });
  });

  test('as a page, with a trend of its scores', async () => {
    const [page, trend] = [join(folder, 'report.html'), join(folder, 'scores.ndjson')];
    writeFileSync(trend, '{"on":"2026-10-01","score":12,"scores":{}}\n');
    const { out } = await run('audit', '--from', collected, '--html', page, '--trend', trend);
    expect(out).toContain('the score was 12 on 2026-10-01');
    const text = readFileSync(page, 'utf8');
    expect(text).toMatch(/^<!doctype html>/);
    expect(text).toContain('content="default-src &#39;none&#39;; style-src &#39;sha256-');
    expect(text).not.toMatch(/<script|<link|<img|https?:|style=/);
    expect(statSync(page).mode & 0o777).toBe(0o600);
    const [, today] = readFileSync(trend, 'utf8').trim().split('\n');
    expect(JSON.parse(today ?? '')).toMatchObject({
      on: '2026-11-29',
      score: 0,
      scores: { 'role/admin': 0 },
    });
    expect(await run('audit', '--from', collected, '--html', folder)).toMatchObject({
      code: 2,
      err: expect.stringContaining('cannot be written'),
    });
  });

  test.each([
    ['neither to read nor to judge', [], 'Say --collect FILE'],
    ['both', ['--from', 'a', '--collect', 'b'], 'Say --collect FILE'],
    ['no days', ['--collect', 'b', '--days', 'x'], '--days takes a whole number'],
    ['nobody’s catalog', ['--as-catalog', 'nobody'], 'no role and no user nobody'],
    [
      'a trend that is none',
      ['--trend', file('bad.ndjson', '{"on":"2026-10-01","scores":{}}\n{"on"')],
      'bad.ndjson:2',
    ],
  ])('asked for %s, it says in a line what to ask', async (_, args, said) => {
    const isWhole = args.some((arg) => arg === '--collect' || arg === '--from') || args.length === 0;
    const { code, err } = await run('audit', ...(isWhole ? args : ['--from', collected, ...args]));
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining(said) });
    expect(err.trim().split('\n')).toHaveLength(1);
  });

  test.each([
    ['cut off', '{"version":1,', 'cut off'],
    ['of another version', { ...COLLECTED, version: 2 }, 'version is 2, and this postern reads version 1'],
    ['something else', [], 'no collected account'],
    ['being collected', '{"postern":"collecting","version":1}\n{"unit":"a"', 'the same --collect goes on'],
    ['wrong within', { ...COLLECTED, lastAccessed: { x: [{}] } }, 'lastAccessed.x.0.ServiceNamespace'],
  ])('a file that is %s is refused in a line', async (_, content, said) => {
    const { code, err } = await run('audit', '--from', file('bad.json', content));
    expect(code).toBe(2);
    expect(err).toContain(said);
    expect(err).not.toMatch(/\n\s+at /);
  });

  test('the roles of this deployment, as its template makes them, are audited', async () => {
    const RoleDetailList = deployed().roles.map((role) => ({
      RoleName: role.name,
      Arn: role.arn,
      CreateDate: '2026-11-29T00:00:00Z',
      AssumeRolePolicyDocument: policyDocument({
        Effect: 'Allow',
        Principal: { Service: 'lambda.amazonaws.com' },
        Action: 'sts:AssumeRole',
      }),
      RolePolicyList: role.policies.map(({ document }, nth) => ({
        PolicyName: `p${nth}`,
        PolicyDocument: document,
      })),
    }));
    const planted = {
      ...RoleDetailList[0],
      RoleName: 'planted',
      Arn: 'arn:aws:iam::111122223333:role/planted',
      RolePolicyList: [
        { PolicyName: 'one', PolicyDocument: policyDocument(allow('iam:PassRole')) },
        {
          PolicyName: 'two',
          PolicyDocument: policyDocument(allow(['lambda:CreateFunction', 'lambda:InvokeFunction'])),
        },
      ],
    };
    const account = { ...COLLECTED, authorizationDetails: { RoleDetailList: [...RoleDetailList, planted] } };
    const { out } = await run('audit', '--from', file('ours.json', account), '--json');
    const { principals } = JSON.parse(out) as {
      principals: { name: string; escalations: { id: string }[] }[];
    };
    expect(principals).toHaveLength(RoleDetailList.length + 1);
    const found = principals.filter(({ escalations }) => escalations.some(({ id }) => id === 'P52'));
    expect(found.map(({ name }) => name)).toEqual(['planted']);
    expect(RoleDetailList.length).toBeGreaterThan(5);
  });
});

describe('iam drift', () => {
  const entry = file('a.json', policyDocument(allow('s3:GetObject', 'arn:aws:s3:::b/*')));
  const rewritten = file(
    'b.json',
    policyDocument(allow(['s3:GetObject', 's3:getobject'], ['arn:aws:s3:::b/*'])),
  );
  const wider = file('c.json', policyDocument(allow('s3:Get*', 'arn:aws:s3:::b/*')));
  const other = file('d.json', policyDocument(allow('s3:PutObject', 'arn:aws:s3:::b/*')));

  test.each([
    ['same', rewritten, entry, 0],
    ['wider', wider, entry, 1],
    ['narrower', entry, wider, 0],
    ['incomparable', other, entry, 1],
  ])('%s', async (verdict, deployedFile, committed, exit) => {
    const { code, out } = await run('drift', '--deployed', deployedFile, '--committed', committed);
    expect(code).toBe(exit);
    expect(out).toContain(`: ${verdict}`);
    if (verdict === 'wider' || verdict === 'incomparable')
      expect(out).toMatch(/allowed, and not committed: s3:\w+ on arn:aws:s3:::b\//);
  });

  test('of several, what is on one side alone is told, and scores are kept', async () => {
    const trend = join(folder, 'trend.ndjson');
    const template = (Resources: object) => ({ Resources });
    const policy = (document: object) => ({
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: { PolicyDocument: document },
    });
    const [a, b] = [policyDocument(allow('s3:GetObject', 'arn:aws:s3:::b/*')), policyDocument(allow('*'))];
    const committed = file('t.json', template({ Kept: policy(a), Gone: policy(a) }));
    const args = ['drift', '--committed', committed, '--trend', trend, '--deployed'];
    const deployedFile = join(mkdtempSync(join(folder, 'x-')), 't.json');
    writeFileSync(deployedFile, JSON.stringify(template({ Kept: policy(b), New: policy(a) })));
    for (let day = 0; day < 2; day += 1) {
      const { code, out } = await run(...args, deployedFile);
      expect(code).toBe(1);
      expect(out).toContain('t.json#Kept.PolicyDocument: wider');
      expect(out).toContain('t.json#Gone.PolicyDocument: not deployed');
      expect(out).toContain('t.json#New.PolicyDocument: not committed');
    }
    const lines = readFileSync(trend, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toHaveLength(2);
    expect(lines[0].scores['t.json#Kept.PolicyDocument']).toBe(0);
  });

  test('what cannot be read is refused, and so is a name that stands there twice', async () => {
    expect((await run('drift', '--deployed', file('n.json', '{'), '--committed', entry)).code).toBe(2);
    expect((await run('drift', '--deployed', entry, entry, '--committed', entry)).code).toBe(2);
    expect((await run('drift', '--committed', entry)).err).toContain('--deployed FILE, or --from');
  });

  test.each([
    ['no template', { Version: '2012-10-17', Statement: [] }, 'is no CloudFormation template'],
    ['cut off', '{"Resources":{"A":', 'it may have been cut off'],
  ])('of an account, a template that is %s is refused in a line', async (_, content, said) => {
    const account = file('account-of-drift.json', COLLECTED);
    const { code, err } = await run('drift', '--from', account, '--committed', file('t.json', content));
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining(said) });
  });

  test('of an account, what a template leaves open is taken for any text, and unknown where that could be less', async () => {
    const own = policyDocument({
      Effect: 'Allow',
      Principal: { AWS: '111122223333' },
      Action: 'sts:AssumeRole',
    });
    const queue = { 'Fn::GetAtt': ['Queue', 'Arn'] };
    const writer = (...Statement: readonly object[]) => ({
      Resources: {
        Queue: { Type: 'AWS::SQS::Queue' },
        Writer: {
          Type: 'AWS::IAM::Role',
          Properties: {
            RoleName: 'writer',
            AssumeRolePolicyDocument: own,
            Policies: [{ PolicyName: 'own', PolicyDocument: { Version: '2012-10-17', Statement } }],
          },
        },
      },
    });
    const account = file('account-of-drift.json', COLLECTED);
    const verdictOf = async (...statements: readonly object[]) => {
      const { out } = await run(
        'drift',
        '--from',
        account,
        '--committed',
        file('t.json', writer(...statements)),
        '--json',
      );
      return JSON.parse(out).policies[0].verdict;
    };
    const both = ['sqs:SendMessage', 'sqs:DeleteQueue', 'sns:Publish'];
    expect(await verdictOf(allow(both, queue), allow('sns:Publish', '*'))).toBe('within');
    expect(await verdictOf(allow('sqs:SendMessage', queue))).toBe('wider');
    expect(await verdictOf(allow(both), { Effect: 'Deny', Action: 'sqs:*', NotResource: queue })).toBe(
      'unknown',
    );
    expect(await verdictOf(allow('*'))).toBe('narrower');
  });

  const template = (Statement: unknown, more: object = {}) =>
    file('if.json', {
      Conditions: {
        IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] },
        IsTest: { 'Fn::Equals': [{ Ref: 'Stage' }, 'test'] },
      },
      Resources: {
        Own: {
          Type: 'AWS::IAM::ManagedPolicy',
          ...more,
          Properties: { PolicyDocument: { Version: '2012-10-17', Statement } },
        },
      },
    });
  const choose = (yes: unknown, no: unknown, condition = 'IsProd') => ({ 'Fn::If': [condition, yes, no] });
  const NOTHING = { Ref: 'AWS::NoValue' };
  const reading = allow('s3:GetObject', 'arn:aws:s3:::b/*');
  const writing = allow('s3:PutObject', 'arn:aws:s3:::b/*');
  const denied = { ...writing, Effect: 'Deny' };

  test.each([
    [
      'one side is wider than what is deployed',
      [choose(reading, NOTHING), writing],
      0,
      ['  narrower where IsProd is true', '  same where IsProd is false'],
    ],
    [
      'each side allows other things',
      [choose(reading, allow('s3:ListBucket', 'arn:aws:s3:::b'))],
      1,
      [': incomparable'],
    ],
    [
      'a Deny of one side silences nothing of the other',
      [writing, choose(denied, NOTHING)],
      3,
      ['  wider where IsProd is true', '  same where IsProd is false'],
    ],
    [
      'a parameter has one value, so both at once there is never',
      [choose(writing, NOTHING), choose(writing, NOTHING, 'IsTest')],
      3,
      [
        '  not committed where IsProd is false and IsTest is false',
        '  same where IsProd is true and IsTest is false, or IsProd is false and IsTest is true',
      ],
    ],
    ['both sides are alike', [choose(writing, writing)], 0, [': same']],
  ])('of a condition each side is proved by itself: %s', async (_, statements, exit, lines) => {
    const { code, out } = await run('drift', '--deployed', other, '--committed', template(statements));
    for (const line of lines) expect(out).toContain(line);
    expect(out.includes('it depends on the conditions')).toBe(lines.length > 1);
    expect(code).toBe(exit);
  });

  test('what could not be looked at is told, and not known; nothing at all is refused', async () => {
    const open = template([
      writing,
      { Effect: 'Allow', Action: { 'Fn::FindInMap': ['A', 'B', 'C'] }, Resource: '*' },
    ]);
    const part = await run('drift', '--deployed', other, '--committed', open);
    expect([part.code, part.out]).toEqual([
      3,
      expect.stringMatching(/: same\nnot looked at: .*only a deployment knows/),
    ]);
    const none = file('none.json', { Resources: { Q: { Type: 'AWS::SQS::Queue' } } });
    expect(await run('drift', '--deployed', none, '--committed', none)).toMatchObject({
      code: 2,
      err: expect.stringContaining('There is nothing to compare'),
    });
  });

  test('--where says what a condition is; one that decides nothing is refused', async () => {
    const committed = template([writing, choose(denied, NOTHING)]);
    const drift = (...where: readonly string[]) =>
      run('drift', '--deployed', other, '--committed', committed, '--where', ...where);
    expect(await drift('IsProd=false')).toMatchObject({ code: 0, out: expect.stringMatching(/: same\n$/) });
    expect(await drift('IsProd=true')).toMatchObject({ code: 1, out: expect.stringContaining(': wider\n') });
    for (const [wrong, said] of [
      ['IsProd', 'write each once'],
      ['IsProd=yes', 'write each once'],
      ['IsPrdo=true', 'there are IsProd'],
    ] as const)
      expect(await drift(wrong)).toMatchObject({ code: 2, err: expect.stringContaining(said) });
  });

  test('what a condition makes or not is not committed where it is not made', async () => {
    const committed = template([writing], { Condition: 'IsProd' });
    const { code, out } = await run('drift', '--deployed', other, '--committed', committed);
    expect(code).toBe(3);
    expect(out).toContain('  not committed where IsProd is false\n  same where IsProd is true');
  });

  test('of an account, a role is held against each deployment, with the policies that are attached there', async () => {
    const account = file('account-of-drift.json', COLLECTED);
    const trust = policyDocument({
      Effect: 'Allow',
      Principal: { AWS: '111122223333' },
      Action: 'sts:AssumeRole',
    });
    const make = (statement: object) => ({
      PolicyName: 'p',
      PolicyDocument: { Version: '2012-10-17', Statement: [statement] },
    });
    const committed = (more: object, extra: object = {}) =>
      file('roles.json', {
        Conditions: { IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } },
        Resources: {
          Writer: {
            Type: 'AWS::IAM::Role',
            ...extra,
            Properties: { RoleName: 'writer', AssumeRolePolicyDocument: trust, ...more },
          },
          Attached: {
            Type: 'AWS::IAM::Policy',
            Condition: 'IsProd',
            Properties: { Roles: [{ Ref: 'Writer' }], ...make(allow('*')) },
          },
          // Text from outside: what is no resource is none.
          Broken: null,
        },
      });
    const drift = async (text: string, ...where: string[]) => {
      const { out, code } = await run('drift', '--from', account, '--committed', text, '--json', ...where);
      return { code, own: JSON.parse(out).policies[0] };
    };
    const sides = choose([make(allow('sqs:*'))], [make(allow('ec2:*'))]);
    expect(await drift(committed({ Policies: sides }))).toMatchObject({
      own: {
        verdict: 'depends',
        cases: [
          { verdict: 'incomparable', where: ['IsProd is false'], more: { action: expect.any(String) } },
          { verdict: 'narrower', where: ['IsProd is true'] },
        ],
      },
    });
    expect((await drift(committed({}), '--where', 'IsProd=true')).own.verdict).toBe('narrower');
    expect((await drift(committed({}), '--where', 'IsProd=false')).own.verdict).toBe('wider');
    const conditional = await drift(committed({ Policies: [make(allow('*'))] }, { Condition: 'IsProd' }));
    expect(conditional.own.cases).toMatchObject([
      { verdict: 'not committed', where: ['IsProd is false'] },
      { verdict: 'narrower', where: ['IsProd is true'] },
    ]);
  });
});
