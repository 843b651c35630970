import { Duration, Stack } from 'aws-cdk-lib';
import {
  ArnPrincipal,
  Effect,
  ManagedPolicy,
  PolicyDocument,
  PolicyStatement,
  Role,
} from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { readConfigFiles } from '../../lambdas/shared/adapters/read-config.ts';
import { grantableActions } from '../../lambdas/shared/domain/catalog.ts';
import { resolveArns } from '../../lambdas/shared/domain/resolve-arns.ts';
import { widestStatementsOf } from '../../lambdas/shared/domain/session-policy/build-session-policy.ts';
import { BROKERED_ROLE_NAME } from './names.ts';

type Props = { readonly assumedBy: Role };

/**
 * The role whose sessions are brokered. It may do exactly what the catalog lists, and its sessions always
 * less: assume-role never mints one without a session policy. It denies everything outside the catalog,
 * because a resource policy that names a session can allow what the session policy does not.
 */
export class BrokeredRole extends Construct {
  readonly role: Role;

  constructor(scope: Construct, id: string, { assumedBy }: Props) {
    super(scope, id);
    const { partition, region, account } = Stack.of(this);
    const catalog = readConfigFiles().catalog.resources.map((resource) =>
      resolveArns(resource, { partition, region, accountId: account }),
    );
    const allowed = catalog.flatMap((resource) => widestStatementsOf(resource, grantableActions(resource)));
    const statements = () =>
      allowed.map(
        ({ actions, resources, condition }) =>
          new PolicyStatement({
            actions: [...actions],
            resources: [...resources],
            ...(condition && { conditions: condition }),
          }),
      );
    const onlyBroker = new ArnPrincipal(assumedBy.roleArn);
    this.role = new Role(this, 'Role', {
      roleName: BROKERED_ROLE_NAME,
      description: 'Postern: assumed by the broker alone, always with a session policy',
      maxSessionDuration: Duration.hours(1),
      assumedBy: onlyBroker.withConditions({ StringLike: { 'sts:SourceIdentity': '*' } }),
      // Whoever may add a policy to the role, to revoke a session say, cannot widen it.
      permissionsBoundary: new ManagedPolicy(this, 'Boundary', {
        managedPolicyName: `${BROKERED_ROLE_NAME}-boundary`,
        description: 'Postern: the most that the brokered role can be given',
        statements: statements(),
      }),
      inlinePolicies: {
        catalog: new PolicyDocument({
          statements: [
            ...statements(),
            new PolicyStatement({
              effect: Effect.DENY,
              actions: ['*'],
              notResources: [...new Set(allowed.flatMap(({ resources }) => resources))].sort(),
            }),
          ],
        }),
      },
    });
    // Statements of their own: a source identity condition on all three would deny sts:TagSession.
    this.role.assumeRolePolicy?.addStatements(
      new PolicyStatement({ actions: ['sts:SetSourceIdentity'], principals: [onlyBroker] }),
      new PolicyStatement({
        actions: ['sts:TagSession'],
        principals: [onlyBroker],
        conditions: {
          StringLike: { 'aws:RequestTag/postern:request-id': '*', 'aws:RequestTag/postern:principal': '*' },
        },
      }),
    );
  }
}
