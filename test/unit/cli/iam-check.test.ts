import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runHere } from '../../support/run-here.ts';

const folder = mkdtempSync(join(tmpdir(), 'postern-check-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...args: readonly string[]) {
  return runHere(['iam', 'check', ...args]);
}

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content, null, 2));
  return path;
}

const policy = (...statements: readonly object[]) => ({ Version: '2012-10-17', Statement: statements });
const allow = (Action: unknown, Resource: unknown = '*', more = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});
const clean = policy(allow('s3:GetObject', 'arn:aws:s3:::b/*'));
const escalating = policy(allow('iam:PutRolePolicy'));

type Told = {
  policies: {
    name: string;
    type: string;
    score?: number;
    findings: { id: string; detail: string; position?: unknown }[];
  }[];
  unread: { file: string; detail: string }[];
};
async function told(...args: readonly string[]): Promise<Told> {
  const { out } = await run(...args, '--format', 'json', '--least', 'note');
  return JSON.parse(out);
}
const idsIn = ({ policies }: Told) => policies.flatMap(({ findings }) => findings.map(({ id }) => id));

describe('exit codes', () => {
  const bad = () => file('bad.json', escalating);
  const medium = () => file('medium.json', policy(allow('s3:PutObject')));

  test('0 where nothing is found, 1 from the severity on that is named', async () => {
    expect(await run(file('clean.json', clean))).toMatchObject({ code: 0, err: '' });
    expect((await run(bad())).code).toBe(1);
    expect((await run(medium())).code).toBe(0);
    expect((await run(medium(), '--fail-on', 'medium')).code).toBe(1);
    expect((await run(bad(), '--fail-on', 'never')).code).toBe(0);
  });

  test.each([
    ['a file that is not there', ['/nowhere/p.json'], 'ENOENT'],
    ['standard input, twice', ['-', '-'], 'once'],
    ['an account that is none', ['ACCOUNT'], 'twelve digits'],
    ['a format that there is not', ['FORMAT'], 'Allowed choices'],
    ['JSON that is no policy', ['OTHER'], 'is no policy'],
  ])('2 for %s', async (_, args, said) => {
    const given: Record<string, string[]> = {
      ACCOUNT: [bad(), '--account', '1234'],
      FORMAT: [bad(), '--format', 'xml'],
      OTHER: [file('other.json', { a: 1 })],
    };
    const ran = await run(...args.flatMap((entry) => given[entry] ?? [entry]));
    expect(ran.code).toBe(2);
    expect(ran.err).toContain(said);
    expect(ran.err).not.toMatch(/\n\s+at /);
  });
});

describe('bad input is told in a line, with where', () => {
  test.each([
    ['no JSON', '{"Version": ', 'G01'],
    ['nested too deep', '['.repeat(100_000), 'G01'],
    ['a list', '[]', 'G01'],
    ['a key twice', '{"Version":"2012-10-17","Version":"2012-10-17","Statement":[]}', 'G13'],
  ])('%s', async (_, text, id) => {
    const path = file('broken.json', text);
    const ran = await run(`identity:${path}`);
    expect(ran.code).toBe(1);
    expect(ran.out).toContain(id);
    expect(ran.out).toContain('only its form was looked at');
  });

  const inRole = (properties: object) => ({
    Resources: { R: { Type: 'AWS::IAM::Role', Properties: properties } },
  });
  const nested = (times: number) => `${'{"a":'.repeat(times)}1${'}'.repeat(times)}`;
  test.each([
    ['no policy', '{"a":1}', 'is no policy, no CloudFormation template and no Terraform plan'],
    ['a text', '"x"', 'is no policy'],
    [
      'a template that is nested too deep',
      `{"Resources":{"R":{"Type":"AWS::IAM::ManagedPolicy","Properties":{"PolicyDocument":${nested(50_000)}}}}}`,
      'is nested too deeply to be read',
    ],
  ])('%s is refused', async (_, text, said) => {
    const path = file('refused.json', text);
    const { code, out, err } = await run(path);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(`${path} ${said}`);
    expect(err.trim().split('\n')).toHaveLength(1);
  });

  test.each([
    ['YAML that is cut off', 'cut.yaml', 'Resources:\n  R: [1,\n', 'is no YAML at line 3, column 1'],
    [
      'YAML that would grow',
      'grown.yaml',
      `a: &a [${'x,'.repeat(9)}x]\n${[...'bcdefg'].map((name, nth) => `${name}: &${name} [${`*${'abcdef'[nth]},`.repeat(9)}1]\n`).join('')}Resources: *g\n`,
      'is YAML with aliases that stand for too much',
    ],
  ])('%s is refused, with where', async (_, name, text, said) => {
    const path = file(name, text);
    expect(await run(path)).toMatchObject({ code: 2, out: '', err: `postern: ${path} ${said}.\n` });
  });

  test.each([
    ['nulls', { resources: [null, 5, { address: 5, type: 'aws_iam_policy' }] }],
    ['texts for values', { resources: [{ address: 'a', type: 'aws_iam_role', values: 'x' }] }],
    ['no lists', { resources: 'x', child_modules: [null, 5, { resources: [{}] }] }],
    [
      'blocks that are none',
      {
        resources: [
          {
            address: 'd',
            mode: 'data',
            type: 'aws_iam_policy_document',
            values: { statement: [null, 5, 'x'] },
          },
          { address: 'e', mode: 'data', type: 'aws_iam_policy_document', values: { statement: 'x' } },
        ],
      },
    ],
  ])('a plan with %s is read as far as that goes', async (_, root_module) => {
    const path = file('odd-plan.json', {
      ...{ terraform_version: '1.9', planned_values: { root_module } },
      resource_changes: [null, { address: 'a', change: 7 }],
    });
    const { code, err } = await run(path);
    expect([err, [0, 1].includes(code)]).toEqual(['', true]);
  });

  test('of a condition that names itself both sides are looked at', async () => {
    const PolicyDocument = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
    };
    const path = file('circle.json', {
      Conditions: { A: { Condition: 'B' }, B: { 'Fn::Not': [{ Condition: 'A' }] } },
      Resources: { R: { Type: 'AWS::IAM::ManagedPolicy', Condition: 'A', Properties: { PolicyDocument } } },
    });
    const { code, out } = await run(path);
    expect([code, out.includes('B01')]).toEqual([1, true]);
  });

  test('a file that is not there, and a baseline that cannot be written', async () => {
    const missing = join(folder, 'missing', 'x.json');
    expect(await run(missing)).toMatchObject({
      code: 2,
      err: `postern: ${missing} cannot be read: ENOENT\n`,
    });
    const path = file('written.json', escalating);
    expect(await run(path, '--write-baseline', missing)).toMatchObject({
      code: 2,
      err: `postern: ${missing} cannot be written: ENOENT\n`,
    });
  });

  test('texts as long as no policy is are judged all the same', async () => {
    const long = 'a'.repeat(300_000);
    const path = file(
      'long.json',
      policy(allow('s3:GetObject', [`arn:aws:s3:::${long}/*`, `arn:aws:s3:::${'*a'.repeat(9_000)}`])),
    );
    const { code, out } = await run(path);
    expect(code).toBe(1);
    expect(out).toContain('G12');
  });

  test('what a template leaves open is told, and the rest is judged', async () => {
    const path = file(
      'open.json',
      inRole({
        AssumeRolePolicyDocument: { 'Fn::Nobody': ['knows'] },
        Policies: [
          {
            PolicyDocument: policy(
              allow({ 'Fn::Unknown': 1 }),
              allow(['iam:PutRolePolicy', { Ref: 'More' }]),
            ),
          },
          { PolicyDocument: policy({ Effect: 'Allow', NotAction: { Ref: 'Some' }, Resource: '*' }) },
        ],
      }),
    );
    const { policies, unread } = await told(path);
    expect(unread).toEqual([
      { file: `${path}#R.AssumeRolePolicyDocument`, detail: 'what the policy is, only a deployment knows' },
      { file: `${path}#R.Policies[0].Statement[0].Action`, detail: 'which actions, only a deployment knows' },
      { file: `${path}#R.Policies[0].Statement[1].Action`, detail: 'which actions, only a deployment knows' },
      {
        file: `${path}#R.Policies[1].Statement[0].NotAction`,
        detail: 'which actions, only a deployment knows',
      },
    ]);
    expect(policies[0]?.findings.map(({ id }) => id)).toContain('P35');
    expect(policies[1]?.findings.map(({ id }) => id)).toContain('B03');
  });
});

describe('both sides of a condition of a template count', () => {
  const bad = policy(allow('iam:PutRolePolicy'));
  const none = { Ref: 'AWS::NoValue' };
  const either = (...sides: readonly unknown[]) => ({ 'Fn::If': ['IsProd', ...sides] });
  const named = (PolicyDocument: unknown) => ({ PolicyName: 'a', PolicyDocument });
  const never = { StringEquals: { 'aws:RequestedRegion': 'x' }, Null: { 'aws:RequestedRegion': 'true' } };
  test.each([
    ['a policy', [either(named(bad), none)]],
    ['all policies', either(none, [named(bad)])],
    ['a document', [named(either(clean, bad))]],
    ['all statements', [named(policy(either(clean.Statement, bad.Statement) as never))]],
    ['actions', [named(policy(allow(either(['s3:GetObject'], ['iam:PutRolePolicy']))))]],
    ['a condition', [named(policy(allow('iam:PutRolePolicy', '*', { Condition: either(never, none) })))]],
  ])('%s', async (_, Policies) => {
    const template = { Resources: { R: { Type: 'AWS::IAM::Role', Properties: { Policies } } } };
    expect(idsIn(await told(file('either.json', template)))).toContain('P35');
  });
});

describe('what a template may leave out takes nothing away for certain', () => {
  const none = { Ref: 'AWS::NoValue' };
  const when = (condition: string, ...sides: readonly unknown[]) => ({ 'Fn::If': [condition, ...sides] });
  const deny = (Action: unknown, more = {}) => ({ Effect: 'Deny', Action, Resource: '*', ...more });
  const put = allow('iam:PutRolePolicy');
  const roleOf = (PolicyDocument: unknown) => ({
    Type: 'AWS::IAM::Role',
    Properties: { Policies: [{ PolicyName: 'a', PolicyDocument }] },
  });
  const found = async (Resources: object, Conditions: object = {}) => {
    const { policies } = await told(file('worlds.json', { Resources, Conditions }));
    return policies.flatMap(({ findings }) => findings).filter(({ id }) => id === 'P35');
  };

  test.each<[string, unknown[]]>([
    ['a Deny', [put, when('IsProd', deny('iam:*'), none)]],
    ['a Deny, for another', [put, when('IsProd', deny('iam:*'), deny('s3:*'))]],
    ['an action of a Deny', [put, deny(when('IsProd', ['iam:*'], ['s3:*']))]],
    ['an action of a Deny, of several', [put, deny(['s3:*', when('IsProd', 'iam:*', none)])]],
    ['the effect', [put, { ...deny('iam:*'), Effect: when('IsProd', 'Deny', 'Allow') }]],
    [
      'what an Allow leaves out',
      [{ Effect: 'Allow', NotAction: when('IsProd', ['iam:*'], ['s3:*']), Resource: '*' }],
    ],
    [
      'what a condition excludes',
      [put, deny('iam:*', { Condition: when('IsProd', { Null: { 'aws:UserAgent': 'true' } }, none) })],
    ],
  ])('%s', async (_, statements) => {
    const [finding, ...others] = await found({ R: roleOf(policy(...(statements as object[]))) });
    expect(others).toEqual([]);
    expect(finding?.detail).toMatch(/Where IsProd is (?:true|false)\.$/);
  });

  test('a Deny on both sides stops it, and so does one that nothing leaves out', async () => {
    const either = when('IsProd', deny('iam:*'), deny('iam:Put*'));
    expect(await found({ R: roleOf(policy(put, either as never)) })).toEqual([]);
    expect(await found({ R: roleOf(policy(put, deny('iam:*'))) })).toEqual([]);
  });

  test('a policy with a Deny that is not always deployed', async () => {
    const managed = (document: unknown, more: object = {}) => ({
      Type: 'AWS::IAM::Policy',
      Properties: { Roles: [{ Ref: 'R' }], PolicyDocument: document },
      ...more,
    });
    const role = { Type: 'AWS::IAM::Role', Properties: {} };
    const resources = (more: object) => ({
      R: role,
      A: managed(policy(allow('iam:PassRole'))),
      B: managed(policy(allow('glue:CreateDevEndpoint'))),
      C: managed(policy(deny('glue:*')), more),
    });
    const ids = async (more: object) =>
      idsIn(await told(file('worlds.json', { Resources: resources(more) })));
    expect(await ids({})).not.toContain('P25');
    expect(await ids({ Condition: 'IsProd' })).toContain('P25');
  });

  test('conditions that cannot hold together are not taken together', async () => {
    const isEnvironment = (name: string) => ({ 'Fn::Equals': [{ Ref: 'Env' }, name] });
    const pass = when('IsProd', allow('iam:PassRole'), none);
    const make = (condition: string) => when(condition, allow('glue:CreateDevEndpoint'), none);
    const ids = async (second: string, Conditions: object) => {
      const Resources = { R: roleOf(policy(pass as never, make(second) as never)) };
      return idsIn(await told(file('worlds.json', { Resources, Conditions })));
    };
    expect(await ids('IsBig', { IsProd: isEnvironment('prod') })).toContain('P25');
    const Conditions = {
      IsProd: isEnvironment('prod'),
      IsDev: isEnvironment('dev'),
      IsNotProd: { 'Fn::Not': [{ Condition: 'IsProd' }] },
      IsProdToo: { 'Fn::And': [{ Condition: 'IsProd' }, { 'Fn::Equals': ['a', 'a'] }] },
      IsEither: { 'Fn::Or': [{ Condition: 'IsProd' }, { Condition: 'IsDev' }] },
      IsItself: { 'Fn::Not': [{ Condition: 'IsItself' }] },
      // Each named twice by the one before: gone through once all the same.
      ...Object.fromEntries(
        Array.from({ length: 60 }, (_, nth) => {
          const next = { Condition: nth === 59 ? 'IsProd' : `Is${nth + 1}` };
          return [`Is${nth}`, { 'Fn::Or': [next, next] }];
        }),
      ),
    };
    for (const never of ['IsDev', 'IsNotProd']) expect(await ids(never, Conditions)).not.toContain('P25');
    for (const may of ['IsProdToo', 'IsEither', 'IsItself', 'Is0'])
      expect(await ids(may, Conditions)).toContain('P25');
  });

  test('what is no resource, and no condition, is passed over', async () => {
    const odd = {
      N: null,
      T: 'x',
      Q: { Type: 'AWS::IAM::Role', Properties: null },
      F: { Type: 5, Condition: 5 },
    };
    const bad = roleOf(policy(put, when('C', deny('iam:*'), none) as never));
    for (const Conditions of [null, 'x', { C: 'x' }, { C: null }, { C: { 'Fn::Equals': [] } }])
      expect(await found({ ...odd, R: bad }, Conditions as never)).toHaveLength(1);
    expect(await found({ ...odd, R: roleOf({ 'Fn::If': 'x' }) })).toEqual([]);
    expect(await found({ ...odd, R: roleOf({ 'Fn::If': [{ a: 1 }] }) })).toEqual([]);
  });

  test('of many conditions, what was not looked at is said', async () => {
    const many = Array.from({ length: 9 }, (_, nth) => when(`C${nth}`, allow(`s3:GetObject`), none));
    const document = policy(put, when('IsProd', deny('iam:*'), none) as never, ...(many as never[]));
    const { policies, unread } = await told(file('many.json', { Resources: { R: roleOf(document) } }));
    expect(policies.flatMap(({ findings }) => findings.map(({ id }) => id))).toContain('P35');
    expect(unread.map(({ detail }) => detail)).toEqual(['some combinations of its many conditions']);
  });
});

describe('what a policy is attached as', () => {
  test('is seen by its elements, or said', async () => {
    const trust = file('trust.json', policy({ Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' }));
    expect(await told(trust)).toMatchObject({ policies: [{ type: 'trust' }] });
    expect(idsIn(await told(trust))).toContain('T01');
    const scp = file('scp.json', policy(allow('s3:*')));
    expect(idsIn(await told(`scp:${scp}`))).toContain('O03');
    expect(idsIn(await told(scp))).not.toContain('O03');
  });

  test('boundaries and service control policies limit the identity policies beside them', async () => {
    const wide = file('wide.json', policy(allow('*')));
    const boundary = file('boundary.json', clean);
    const ids = idsIn(await told(wide, `boundary:${boundary}`));
    expect(ids).toContain('B01');
    expect(ids.filter((id) => id.startsWith('P'))).toEqual([]);
    const { policies } = await told(wide, `boundary:${boundary}`);
    expect(policies.find(({ type }) => type === 'identity')?.score).toBe(100);
  });

  test('policies of one principal are judged together', async () => {
    const pass = file('pass.json', policy(allow('iam:PassRole')));
    const start = file('start.json', policy(allow('ec2:RunInstances')));
    expect(idsIn(await told(pass, start))).not.toContain('P16');
    expect(idsIn(await told(pass, start, '--together'))).toContain('P16');
  });

  test('what may be attached is judged by the managed policies that are given, as AWS answers them', async () => {
    const team = 'arn:aws:iam::123456789012:policy/team';
    const condition = { Condition: { ArnEquals: { 'iam:PolicyARN': team } } };
    const attaching = file('attaching.json', policy(allow('iam:AttachUserPolicy', '*', condition)));
    const copied = file('copied.json', policy(allow(['s3:Get*', 's3:List*'])));
    const managed = (Arn: string, document: object) => ({
      PolicyName: 'p',
      Arn,
      DefaultVersionId: 'v2',
      PolicyVersionList: [
        { VersionId: 'v1', IsDefaultVersion: false, Document: policy(allow('*')) },
        { VersionId: 'v2', IsDefaultVersion: true, Document: encodeURIComponent(JSON.stringify(document)) },
      ],
    });
    const details = {
      Policies: [
        managed(team, policy(allow('s3:GetObject'))),
        managed('arn:aws:iam::aws:policy/ReadBuckets', policy(allow(['s3:Get*', 's3:List*']))),
      ],
    };
    expect(idsIn(await told(attaching))).toContain('P38');
    expect(idsIn(await told(attaching, '--managed', file('details.json', details)))).not.toContain('P38');
    const collected = { version: 1, authorizationDetails: details };
    expect(idsIn(await told(attaching, '--managed', file('account.json', collected)))).not.toContain('P38');
    expect(idsIn(await told(copied, '--managed', file('details.json', details)))).toContain('S05');
    for (const [name, content] of [
      ['none.json', { Users: [] }],
      ['cut.json', '{ "Policies": ['],
    ] as const) {
      const path = file(name, content);
      const ran = await run(attaching, '--managed', path);
      expect(ran).toMatchObject({ code: 2, out: '' });
      expect(ran.err).toContain(path);
    }
  });

  test('of what was committed, a wider one is drift', async () => {
    const committed = file('committed.json', clean);
    expect(
      idsIn(await told(file('deployed.json', policy(allow('s3:*'))), '--committed', committed)),
    ).toContain('O06');
    expect(idsIn(await told(committed, '--committed', committed))).not.toContain('O06');
  });
});

describe('templates', () => {
  const template = {
    Parameters: { Bucket: { Type: 'String' } },
    Resources: {
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: policy({
            Effect: 'Allow',
            Principal: { AWS: { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root' } },
            Action: 'sts:AssumeRole',
          }),
          Policies: [
            {
              PolicyName: 'own',
              PolicyDocument: policy(
                allow('s3:GetObject', { 'Fn::Sub': 'arn:aws:s3:::${Bucket}/${!aws:username}/*' }),
                allow('iam:PassRole', { 'Fn::GetAtt': ['Other', 'Arn'] }),
              ),
            },
          ],
        },
      },
      Other: { Type: 'AWS::IAM::Role', Properties: {} },
      More: {
        Type: 'AWS::IAM::Policy',
        Properties: {
          Roles: [{ Ref: 'Role' }],
          PolicyDocument: policy(allow('ec2:RunInstances', [{ 'Fn::ImportValue': 'x' }, '*'])),
        },
      },
      Queue: {
        Type: 'AWS::SQS::QueuePolicy',
        Properties: {
          PolicyDocument: policy({
            Effect: 'Allow',
            Principal: '*',
            Action: 'sqs:SendMessage',
            Resource: {
              'Fn::Join': [
                '',
                ['arn:aws:sqs:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':q'],
              ],
            },
          }),
        },
      },
    },
  };

  test('have their policies found, functions kept open, and those of a role judged together', async () => {
    const path = file('template.json', template);
    const report = await told(path);
    expect(report.policies.map(({ name, type }) => [name.slice(path.length), type])).toEqual([
      ['#Role.AssumeRolePolicyDocument', 'trust'],
      ['#Role.Policies[0]', 'identity'],
      ['#More.PolicyDocument', 'identity'],
      ['#Queue.PolicyDocument', 'resource'],
      ['#Role', 'identity'],
    ]);
    expect(report.policies.every((entry) => 'score' in entry)).toBe(true);
    const idsFor = (name: string) =>
      report.policies.find((entry) => entry.name === `${path}${name}`)?.findings.map(({ id }) => id) ?? [];
    expect(idsFor('#Role')).toContain('P16');
    expect(idsFor('#Queue.PolicyDocument')).toContain('T01');
    expect(idsFor('#Role.Policies[0]')).toContain('B11');
    expect(idsFor('#Role.Policies[0]')).not.toContain('N13');
    expect(idsFor('#Role.AssumeRolePolicyDocument')).toEqual(['T02']);
  });

  test('are read as YAML too, with both sides of a condition', async () => {
    const path = file(
      'template.yaml',
      [
        'Resources:',
        '  Role:',
        '    Type: AWS::IAM::Role',
        '    Properties:',
        '      Policies:',
        '        - PolicyName: own',
        '          PolicyDocument:',
        "            Version: '2012-10-17'",
        '            Statement:',
        '              - Effect: Allow',
        '                Action: iam:PassRole',
        '                Resource: !If [Prod, !GetAtt Other.Arn, "*"]',
        '              - !If',
        '                - Prod',
        '                - Effect: Allow',
        '                  Action: ec2:RunInstances',
        '                  Resource: !Join [":", ["arn:aws:ec2", !Ref AWS::Region, "*", "*"]]',
        '                - !Ref AWS::NoValue',
        '              - {Effect: Allow, Action: [iam:PutRolePolicy], Resource: !Sub "arn:aws:iam::${AWS::AccountId}:role/${X}"}',
        '  Other: {Type: AWS::IAM::Role, Properties: {}}',
      ].join('\n'),
    );
    const ids = idsIn(await told(path));
    expect(ids).toEqual(expect.arrayContaining(['B10', 'P16', 'P35']));
    const bomb = [
      'a: &a [x, x, x, x, x, x, x, x, x, x]',
      'b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]',
      'c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]',
      'Resources: [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]',
    ];
    const ran = await run(file('bomb.yaml', bomb.join('\n')));
    expect(ran.code).not.toBe(0);
    expect(ran.err).not.toMatch(/\n\s+at /);
  });

  test('are found in folders, beside what is none', async () => {
    const inner = join(folder, 'infra');
    mkdirSync(inner);
    writeFileSync(join(inner, 'stack.template.json'), JSON.stringify(template));
    writeFileSync(join(inner, 'tree.json'), '{"version":"1"}');
    writeFileSync(join(inner, 'broken.json'), '{');
    expect((await told(inner)).policies).toHaveLength(5);
  });
});

describe('Terraform plans', () => {
  const plan = {
    format_version: '1.2',
    terraform_version: '1.9.0',
    planned_values: {
      root_module: {
        resources: [
          {
            address: 'aws_iam_role_policy.own',
            mode: 'managed',
            type: 'aws_iam_role_policy',
            values: { role: 'r', policy: JSON.stringify(policy(allow('iam:PassRole'))) },
          },
          { address: 'aws_iam_policy.later', mode: 'managed', type: 'aws_iam_policy', values: { name: 'x' } },
          {
            address: 'aws_organizations_policy.scp',
            mode: 'managed',
            type: 'aws_organizations_policy',
            values: { type: 'SERVICE_CONTROL_POLICY', content: JSON.stringify(policy(allow('*'))) },
          },
        ],
        child_modules: [
          {
            resources: [
              {
                address: 'module.m.data.aws_iam_policy_document.d',
                mode: 'data',
                type: 'aws_iam_policy_document',
                values: {
                  statement: [
                    {
                      effect: 'Allow',
                      actions: ['s3:GetObjct'],
                      resources: [null],
                      condition: [
                        { test: 'StringEquals', variable: 'aws:username', values: ['&{aws:PrincipalTag/u}'] },
                      ],
                    },
                  ],
                },
              },
              {
                address: 'module.m.aws_iam_role_policy.more',
                mode: 'managed',
                type: 'aws_iam_role_policy',
                values: { role: 'r', policy: JSON.stringify(policy(allow('ec2:RunInstances'))) },
              },
            ],
          },
        ],
      },
    },
    resource_changes: [{ address: 'aws_iam_policy.later', change: { after_unknown: { policy: true } } }],
  };

  test('have their policies found, also those that are not written yet; what is not known is said', async () => {
    const path = file('plan.json', plan);
    const report = await told(path);
    const idsFor = (name: string) =>
      report.policies.find((entry) => entry.name === `${path}#${name}`)?.findings.map(({ id }) => id) ?? [
        'none',
      ];
    expect(idsFor('module.m.data.aws_iam_policy_document.d')).toEqual(expect.arrayContaining(['N02']));
    expect(idsFor('r')).toContain('P16');
    expect(idsFor('aws_organizations_policy.scp.content')).toEqual([]);
    expect(report.unread).toEqual([
      { file: path, detail: 'aws_iam_policy.later.policy is known only after the plan was applied' },
    ]);
  });
});

test('a control is met only where something was looked at that could speak against it', async () => {
  const own = file('own.json', {
    name: 'House',
    controls: [
      { id: 'H1', title: 'No administrators', checks: ['B01', 'P*'] },
      { id: 'H2', title: 'ExternalIds', checks: ['T02'] },
      { id: 'H3', title: 'Root', checks: ['A*'] },
    ],
  });
  const statesOf = async (...files: readonly string[]) => {
    const { out } = await run(...files, '--compliance', own, '--format', 'json');
    return JSON.parse(out).controls.map(({ state }: { state: string }) => state);
  };
  const open = 'not assessable from this';
  const trust = file(
    'trusting.json',
    policy({ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }),
  );
  expect(await statesOf(file('clean.json', clean))).toEqual(['met', open, open]);
  expect(await statesOf(file('clean.json', clean), trust)).toEqual(['met', 'met', open]);
  expect(await statesOf(trust)).toEqual([open, 'met', open]);
  expect(await statesOf(file('bad.json', escalating), trust)).toEqual(['not met', 'met', open]);
  expect(await statesOf(`identity:${file('torn.json', '{')}`, trust)).toEqual([open, open, open]);
});

describe('what was accepted', () => {
  test('a baseline leaves out what there was, and no more', async () => {
    const path = file('old.json', escalating);
    const baseline = join(folder, 'baseline.json');
    expect((await run(path, '--write-baseline', baseline)).code).toBe(0);
    expect(await run(path, '--baseline', baseline)).toMatchObject({ code: 0 });
    file('old.json', policy(...escalating.Statement, allow('iam:CreateAccessKey')));
    const { code, out } = await run(path, '--baseline', baseline);
    expect(code).toBe(1);
    expect(out).toContain('P32');
    expect(out).not.toContain('P35');
  });

  const suppression = (more: object) =>
    file('suppressions.json', {
      suppressions: [
        { id: 'P35', reason: 'The pipeline makes roles, reviewed by two.', expires: '2099-01-01', ...more },
      ],
    });

  test('a suppression ends with its day, and needs a reason', async () => {
    const path = file('p.json', escalating);
    expect((await run(path, '--suppress', suppression({}))).code).toBe(0);
    expect((await run(path, '--suppress', suppression({ policy: 'another' }))).code).toBe(1);
    const over = await run(path, '--suppress', suppression({ expires: '2020-01-01' }));
    expect(over.code).toBe(1);
    expect(over.err).toContain('ended on 2020-01-01');
    for (const wrong of [{ reason: ' ' }, { expires: undefined }, { expires: 'never' }, { id: 'all' }])
      expect((await run(path, '--suppress', suppression(wrong))).code).toBe(2);
  });
});

describe('mending', () => {
  test('shows what it would write, and writes it', async () => {
    const path = file('mend.json', policy(allow(['s3:GetObject', 's3:getobject'], 'arn:aws:s3:::b/*')));
    const before = readFileSync(path, 'utf8');
    const { out } = await run(path, '--diff');
    expect(out).toContain('without N14');
    expect(readFileSync(path, 'utf8')).toBe(before);
    const { err } = await run(path, '--fix');
    expect(err).toContain('proved to allow nothing more');
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(clean);
    expect(idsIn(await told(path))).toEqual([]);
  });
});

describe('texts of policies', () => {
  const hostile = 'x\u001b[31m](http://evil) @all <img src=x> | `a`';
  const written = policy(
    allow('s3:GetObject', `arn:aws:s3:::b/${hostile}`, {
      Condition: { StringEquals: { [`aws:${hostile}`]: 'a' } },
    }),
  );

  test.each(['text', 'json', 'sarif', 'gitlab', 'markdown'])('do nothing in %s', async (format) => {
    const { out } = await run(file('hostile.json', written), '--format', format);
    expect(out).not.toContain('\u001b');
    if (format === 'markdown') {
      expect(out).not.toContain('<img');
      expect(out).not.toContain('](http');
      expect(out).not.toContain('@all');
    }
    if (format === 'sarif')
      expect(JSON.parse(out).runs[0].results[0].message.text).not.toMatch(/(?<!\\)\]\(/);
  });

  test('SARIF and GitLab say where', async () => {
    const path = file('where.json', escalating);
    const sarif = JSON.parse((await run(path, '--format', 'sarif')).out);
    expect(sarif.version).toBe('2.1.0');
    const [result] = sarif.runs[0].results;
    expect(result).toMatchObject({ ruleId: 'P35', level: 'error' });
    expect(result.locations[0].physicalLocation.region.startLine).toBe(4);
    expect(sarif.runs[0].tool.driver.rules.map(({ id }: { id: string }) => id)).toContain('P35');
    const gitlab = JSON.parse((await run(path, '--format', 'gitlab')).out);
    expect(gitlab[0]).toMatchObject({
      check_name: 'P35',
      severity: 'blocker',
      location: { lines: { begin: 4 } },
    });
    expect(new Set(gitlab.map(({ fingerprint }: { fingerprint: string }) => fingerprint)).size).toBe(
      gitlab.length,
    );
  });
});
