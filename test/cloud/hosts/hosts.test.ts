import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, inject, test } from 'vitest';
import { type PolicyDocument, policiesIn, readHosts } from '../../support/read-hosts.ts';

const PYTHON = '.ci/.venv-cloud/bin/python';
const FOLDER = 'docs/examples/hosts';
const run = promisify(execFile);

type Terraform = {
  readonly documents: Readonly<Record<string, PolicyDocument['Statement']>>;
  readonly resources: Readonly<Record<string, Readonly<Record<string, Record<string, unknown>>>>>;
  readonly variables: readonly string[];
};

const snake = (name: string) =>
  name
    .replaceAll('GitHub', 'Github')
    .replace(/(?<!^)(?=[A-Z])/g, '_')
    .toLowerCase();

/** What Terraform calls what CloudFormation calls otherwise. */
const CALLED: Readonly<Record<string, string>> = {
  Told: 'aws_sns_topic.told.arn',
  'AWS::Partition': 'data.aws_partition.current.partition',
  'AWS::AccountId': 'data.aws_caller_identity.current.account_id',
  'AWS::Region': 'var.region',
};
const inTerraform = <T>(value: T): T =>
  JSON.parse(
    JSON.stringify(value)
      .replaceAll('{"Ref":"Told"}', '"${Told}"')
      .replace(/\$\{([\w:]+)\}/g, (_, name: string) => `\${${CALLED[name] ?? `var.${snake(name)}`}}`),
  );

/** An element that holds one value says the same with and without a list about it. */
const plain = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.length === 1 ? value[0] : value;
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
};

async function readTerraform(name: string): Promise<Terraform> {
  const { stdout } = await run(PYTHON, ['test/cloud/hosts/read_terraform.py', `${FOLDER}/${name}.tf`]);
  return JSON.parse(stdout) as Terraform;
}

/** Terraform's name of the document that a policy of the template is: one trust serves all of the reference roles. */
const documentOf = (name: string, { documents }: Terraform): string => {
  const [resource = '', trust] = name.split(' ');
  const base = snake(resource.replace(/(Role|Policy)$/, ''));
  if (!trust) return base;
  return documents[`${base}_trust`] ? `${base}_trust` : 'trust';
};

describe.skipIf(!inject('hasEmulators'))('docs/examples/hosts', () => {
  test('cfn-lint finds nothing in the templates', async () => {
    const templates = ['base-identity', 'reference-roles'].map((name) => `${FOLDER}/${name}.template.json`);
    const { stdout } = await run('.ci/.venv-cloud/bin/cfn-lint', [
      '--regions',
      'eu-central-1',
      'us-east-1',
      '--template',
      ...templates,
    ]);
    expect(stdout.trim()).toBe('');
  });

  test.each(['base-identity', 'reference-roles'])(
    '%s says in Terraform what it says in CloudFormation, statement by statement',
    async (name) => {
      const terraform = await readTerraform(name);
      const policies = policiesIn(readHosts(name));
      const seen = new Set<string>();
      for (const [policy, { Statement }] of Object.entries(policies)) {
        const document = documentOf(policy, terraform);
        seen.add(document);
        expect([policy, terraform.documents[document]?.map(plain)]).toEqual([
          policy,
          inTerraform(Statement).map(plain),
        ]);
      }
      expect([...seen].sort()).toEqual(Object.keys(terraform.documents).sort());
    },
  );

  test.each(['base-identity', 'reference-roles'])(
    '%s gives each role and user its one policy, as its boundary too',
    async (name) => {
      const { Resources, Parameters } = readHosts(name);
      const { resources, variables } = await readTerraform(name);
      const roles = Object.entries(Resources).filter(([, { Type }]) => Type === 'AWS::IAM::Role');
      expect(Object.keys(resources.aws_iam_role ?? {}).sort()).toEqual(
        roles.map(([role]) => snake(role.replace(/Role$/, ''))).sort(),
      );
      for (const [role, { Properties }] of roles) {
        const terraform = snake(role.replace(/Role$/, ''));
        const { Ref } = Properties.PermissionsBoundary as { Ref: string };
        const policy = snake(Ref.replace(/Policy$/, ''));
        expect([role, resources.aws_iam_role?.[terraform]]).toMatchObject([
          role,
          {
            max_session_duration: Properties.MaxSessionDuration,
            permissions_boundary: `\${aws_iam_policy.${policy}.arn}`,
          },
        ]);
        expect(resources.aws_iam_role_policy_attachment?.[terraform]?.policy_arn).toBe(
          `\${aws_iam_policy.${policy}.arn}`,
        );
      }
      expect(Object.keys(resources.aws_iam_user ?? {})).toHaveLength(
        Object.values(Resources).filter(({ Type }) => Type === 'AWS::IAM::User').length,
      );
      for (const kind of ['aws_iam_role_policy', 'aws_iam_user_policy', 'aws_iam_access_key'])
        expect([kind, resources[kind]]).toEqual([kind, undefined]);
      for (const [rule, { Type, Properties }] of Object.entries(Resources)) {
        if (Type !== 'AWS::Events::Rule') continue;
        const { state, event_pattern: pattern } = resources.aws_cloudwatch_event_rule?.[snake(rule)] ?? {};
        const [, file] = /^\$\{file\("\$\{path\.module\}\/(.+)"\)\}$/.exec(String(pattern)) ?? [];
        const written: unknown = JSON.parse(readFileSync(`${FOLDER}/${file}`, 'utf8'));
        expect([rule, state, written]).toEqual([rule, Properties.State, Properties.EventPattern]);
      }
      expect(variables).toEqual(['region', ...Object.keys(Parameters).map(snake)]);
    },
  );

  const role = (name: string) => `arn:aws:iam::444455556666:role/${name}`;
  const assumed = {
    eventSource: 'sts.amazonaws.com',
    eventName: 'AssumeRole',
    eventTime: '2026-11-29T10:00:00Z',
    requestParameters: { roleArn: role('postern-s3-deploy') },
  };
  const refused = {
    ...assumed,
    errorCode: 'AccessDenied',
    errorMessage: `User: ann is not authorized to perform: sts:AssumeRole on resource: ${role('postern-s3-deploy')}`,
  };
  const atNight = { ...assumed, eventTime: '2026-11-29T03:59:59Z' };
  const ofAnother = { requestParameters: { roleArn: role('another') } };
  test.each<[string, object, boolean]>([
    ['failed-assumes', refused, true],
    ['failed-assumes', { ...refused, requestParameters: null }, true],
    ['failed-assumes', { ...refused, ...ofAnother, errorMessage: 'no' }, false],
    ['failed-assumes', assumed, false],
    ['odd-hours', atNight, true],
    ['odd-hours', assumed, false],
    ['odd-hours', { ...atNight, ...ofAnother }, false],
    ['odd-hours', { ...refused, eventTime: atNight.eventTime }, false],
  ])('the rule %s hears of %j: %s', async (name, event, expected) => {
    const matching = run(PYTHON, [
      'test/cloud/hosts/match_pattern.py',
      `${FOLDER}/${name}.event-pattern.json`,
    ]);
    matching.child.stdin?.end(JSON.stringify([event]));
    expect(JSON.parse((await matching).stdout)).toEqual([expected]);
  });
});
