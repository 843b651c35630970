import { Duration } from 'aws-cdk-lib';
import { ArnPrincipal, ManagedPolicy, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { brokeredRoleName } from '../../lambdas/shared/domain/brokered/brokered-role.ts';
import type { PlannedRole } from '../../lambdas/shared/domain/brokered/plan-roles.ts';
import { boundaryOf, permissionsOf } from '../../lambdas/shared/domain/brokered/role-policies.ts';
import { type RoleStatements, roleStatements } from '../../lambdas/shared/domain/brokered/role-statements.ts';
import { inPolicies } from '../brokered/policy-size.ts';

type Props = { readonly planned: readonly PlannedRole[]; readonly brokerArn: string };

/**
 * The roles whose sessions are brokered, one a sensitivity. Each may do exactly what the catalog lists, and its
 * sessions always less: assume-role never mints one without a session policy.
 */
export class BrokeredRoles extends Construct {
  readonly roles: readonly Role[];

  constructor(scope: Construct, id: string, { planned, brokerArn }: Props) {
    super(scope, id);
    this.roles = planned.map((role) => this.#make(role, brokerArn));
  }

  #make({ sensitivity, resources }: PlannedRole, brokerArn: string): Role {
    const roleName = brokeredRoleName(sensitivity);
    const statements = roleStatements(resources);
    const onlyBroker = new ArnPrincipal(brokerArn);
    const role = new Role(this, sensitivity, {
      roleName,
      description: `Postern: assumed by the broker alone, always with a session policy; up to ${sensitivity}`,
      maxSessionDuration: Duration.hours(1),
      assumedBy: onlyBroker.withConditions({ StringLike: { 'sts:SourceIdentity': '*' } }),
      permissionsBoundary: this.#boundary(roleName, statements),
      managedPolicies: inPolicies(roleName, asStatements(permissionsOf(statements))).map(
        (part, index) =>
          new ManagedPolicy(this, `${sensitivity}-catalog-${index + 1}`, {
            managedPolicyName: `${roleName}-${index + 1}`,
            description: 'Postern: what the catalog lists, and a refusal of all else',
            statements: part,
          }),
      ),
    });
    // Statements of their own: a source identity condition on all three would deny sts:TagSession.
    role.assumeRolePolicy?.addStatements(
      new PolicyStatement({ actions: ['sts:SetSourceIdentity'], principals: [onlyBroker] }),
      new PolicyStatement({
        actions: ['sts:TagSession'],
        principals: [onlyBroker],
        conditions: {
          StringLike: { 'aws:RequestTag/postern:request-id': '*', 'aws:RequestTag/postern:principal': '*' },
        },
      }),
    );
    return role;
  }

  /** Whoever may put a policy on the role, to revoke a session say, can neither widen it nor undo its refusals. */
  #boundary(roleName: string, held: RoleStatements): ManagedPolicy {
    const [statements = []] = inPolicies(roleName, asStatements(boundaryOf(held)), 1);
    return new ManagedPolicy(this, `${roleName}-boundary`, {
      managedPolicyName: `${roleName}-boundary`,
      description: 'Postern: the most that the brokered role can be given',
      statements,
    });
  }
}

const asStatements = (statements: readonly object[]): PolicyStatement[] =>
  statements.map((statement) => PolicyStatement.fromJson(statement));
