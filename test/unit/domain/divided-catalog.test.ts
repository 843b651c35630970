import { describe, expect, test } from 'vitest';
import { readIamData } from '../../../infra/read-iam-data.ts';
import { brokeredRoleArn, brokeredRoleName } from '../../../lambdas/shared/domain/brokered/brokered-role.ts';
import { divideCatalog, WIDEST } from '../../../lambdas/shared/domain/brokered/catalog-parts.ts';
import { planRoles } from '../../../lambdas/shared/domain/brokered/plan-roles.ts';
import { plannedReferences } from '../../../lambdas/shared/domain/brokered/planned-roles.ts';
import { boundaryOf, permissionsOf } from '../../../lambdas/shared/domain/brokered/role-policies.ts';
import { roleStatements } from '../../../lambdas/shared/domain/brokered/role-statements.ts';
import {
  type CatalogResource,
  catalogResourceSchema,
  grantableActions,
} from '../../../lambdas/shared/domain/catalog/catalog.ts';
import { problemOfEntry } from '../../../lambdas/shared/domain/catalog/iam/problem-of-entry.ts';
import { resolveArns } from '../../../lambdas/shared/domain/catalog/resolve-arns.ts';
import { roleReference } from '../../../lambdas/shared/domain/proof/role-reference.ts';
import { buildSessionPolicy } from '../../../lambdas/shared/domain/session-policy/build-session-policy.ts';
import { evaluate } from '../../../policy/evaluate/evaluate.ts';
import { proveSession } from '../../../policy/prove/prove-session.ts';
import { largeCatalog } from '../../support/large-catalog.ts';
import { readPolicy } from '../../support/policy/situation.ts';

const HOME = { partition: 'aws', region: 'eu-central-1', accountId: '123456789012' };
const { resources } = largeCatalog(500);
const parts = divideCatalog(resources);

describe('five hundred resources', () => {
  test('are accepted by what IAM knows', () => {
    const iam = readIamData();
    expect(resources.map((resource) => problemOfEntry(resource, iam)).filter(Boolean)).toEqual([]);
  });

  test('are in parts of neighbours, each of which a role can hold wherever it is deployed', () => {
    const inOrder = resources.map(({ key }) => parts.get(key) ?? 0);
    expect(inOrder).toEqual([...inOrder].sort((first, second) => first - second));
    const planned = planRoles(
      resources.map((resource) => resolveArns(resource, WIDEST)),
      WIDEST.accountId,
      parts,
    );
    for (const { resources: reached } of planned) {
      const statements = roleStatements(reached);
      const boundary = { Version: '2012-10-17', Statement: boundaryOf(statements) };
      expect(JSON.stringify(boundary).length).toBeLessThanOrEqual(6144);
      const largest = permissionsOf(statements).map((statement) => JSON.stringify(statement).length);
      expect(Math.max(...largest)).toBeLessThanOrEqual(6000);
      expect(largest.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(5 * 6144);
    }
    expect(Math.max(...inOrder)).toBeLessThanOrEqual(12);
    expect(new Set(planned.map(brokeredRoleName)).size).toBe(planned.length);
  });

  test('move no resource to another role when one is added at the end', () => {
    const before = divideCatalog(resources.slice(0, 400));
    for (const [key, part] of before) expect(parts.get(key)).toBe(part);
  });

  test('are each reached by a session within its role', () => {
    const referenceOf = plannedReferences(resources, HOME);
    for (const resource of resources) {
      const resolved = resolveArns(resource, HOME);
      const policy = buildSessionPolicy(
        [{ resource: resolved, actions: grantableActions(resource) }],
        'c-1042',
      );
      const reference = referenceOf(brokeredRoleArn([resolved], HOME, parts));
      if (!reference) throw new Error(`${resource.key} is reached by no role`);
      expect([resource.key, proveSession(policy, reference).verdict]).toEqual([resource.key, 'within']);
    }
  });

  test('are not reached by the role of another part', () => {
    const referenceOf = plannedReferences(resources, HOME);
    const [first, last] = [resources[1], resources[499]].map(
      (resource) => resource && resolveArns(resource, HOME),
    );
    if (!first || !last) throw new Error('no resources');
    const policy = buildSessionPolicy([{ resource: last, actions: grantableActions(last) }]);
    const reference = referenceOf(brokeredRoleArn([first], HOME, parts));
    expect(reference && proveSession(policy, reference).verdict).toBe('wider');
    expect(() => brokeredRoleArn([first, last], HOME, parts)).toThrow('a session is of one role');
  });
});

const entry = (key: string, more: object): CatalogResource =>
  catalogResourceSchema.parse({
    key,
    purpose: 'Something that is brokered',
    sensitivity: 'internal',
    maxDurationSeconds: 900,
    ...more,
  });

test('entries that say so are together, wherever they stand', () => {
  const spread = resources.map((resource, index) =>
    index === 0 || index === 499 ? { ...resource, together: 'payments' } : resource,
  );
  const divided = divideCatalog(spread);
  expect(divided.get(spread[0]?.key ?? '')).toBe(divided.get(spread[499]?.key ?? ''));
  expect(parts.get(spread[0]?.key ?? '')).not.toBe(parts.get(spread[499]?.key ?? ''));
});

describe('what is on everything', () => {
  const wide = entry('operations', {
    kind: 'service-wide',
    actions: { read: ['ec2:DescribeInstances', 'dynamodb:ListTables'] },
  });
  const table = entry('orders', {
    kind: 'dynamodb-table',
    arns: ['arn:aws:dynamodb:eu-central-1:123456789012:table/orders'],
    actions: { read: ['dynamodb:GetItem'] },
  });

  test('has a role of its own, beside those of what has a name', () => {
    const planned = planRoles([wide, table], HOME.accountId, divideCatalog([wide, table]));
    expect(planned.map((role) => [brokeredRoleName(role), role.resources.map(({ key }) => key)])).toEqual([
      ['postern-brokered-wide-internal', ['operations']],
      ['postern-brokered-internal', ['orders']],
    ]);
  });

  test.each([
    ['ec2:DescribeInstances', '*', true],
    ['dynamodb:ListTables', '*', true],
    ['dynamodb:GetItem', 'arn:aws:dynamodb:eu-central-1:123456789012:table/orders', false],
    [
      'secretsmanager:GetSecretValue',
      'arn:aws:secretsmanager:eu-central-1:123456789012:secret:x-AbCdEf',
      false,
    ],
    ['ec2:TerminateInstances', 'arn:aws:ec2:eu-central-1:123456789012:instance/i-0', false],
  ])(
    '%s on %s: %j, whatever somebody adds to the role or the resource allows',
    (action, resource, allowed) => {
      const statements = roleStatements([wide]);
      const everything = readPolicy(
        { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
        'identity',
      );
      const role = { Version: '2012-10-17', Statement: permissionsOf(statements) };
      const bounds = { Version: '2012-10-17', Statement: boundaryOf(statements) };
      const arn = 'arn:aws:sts::123456789012:assumed-role/postern-brokered-wide-internal/one';
      const letsIn = {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { AWS: arn }, Action: '*', Resource: '*' }],
      };
      const { outcome } = evaluate(
        {
          principal: { kind: 'aws', arn },
          action,
          resource,
          resourceAccountId: '123456789012',
          context: {},
        },
        {
          identity: [readPolicy(role, 'identity'), everything],
          boundary: readPolicy(bounds, 'boundary'),
          resource: readPolicy(letsIn, 'resource'),
        },
      );
      expect(outcome === 'allowed').toBe(allowed);
    },
  );

  test('is within its role, and names no resource', () => {
    const policy = buildSessionPolicy([{ resource: wide, actions: ['ec2:DescribeInstances'] }]);
    expect(JSON.parse(policy).Statement).toEqual([
      { Effect: 'Allow', Action: 'ec2:DescribeInstances', Resource: '*' },
    ]);
    expect(proveSession(policy, roleReference([wide])).verdict).toBe('within');
    expect(proveSession(policy, roleReference([table])).verdict).toBe('wider');
  });
});
