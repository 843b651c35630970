import { Duration } from 'aws-cdk-lib';
import { ArnPrincipal, ManagedPolicy, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import {
  BROKERED_ROLE_PREFIX,
  brokeredRoleName,
} from '../../lambdas/shared/domain/brokered/brokered-role.ts';
import type { PlannedRole } from '../../lambdas/shared/domain/brokered/plan-roles.ts';
import {
  boundaryOf,
  type PolicyStatementJson,
  permissionsOf,
} from '../../lambdas/shared/domain/brokered/role-policies.ts';
import { type RoleStatements, roleStatements } from '../../lambdas/shared/domain/brokered/role-statements.ts';
import { allFilledIn, type BrokerNames } from '../brokered/catalog-for.ts';
import { inPolicies } from '../brokered/policy-size.ts';
import { justify } from '../justify.ts';

type Props = {
  readonly planned: readonly PlannedRole[];
  readonly brokerArn: string;
  /** Parameters that name the broker's account and region, where these are not the stack's own. */
  readonly broker?: BrokerNames;
};

/**
 * The roles whose sessions are brokered, one a sensitivity and part of the catalog. Each may do exactly what the catalog lists, and its
 * sessions always less: assume-role never mints one without a session policy.
 */
export class BrokeredRoles extends Construct {
  readonly roles: readonly Role[];

  readonly #broker: BrokerNames | undefined;

  constructor(scope: Construct, id: string, { planned, brokerArn, broker }: Props) {
    super(scope, id);
    this.#broker = broker;
    this.roles = planned.map((role) => this.#make(role, brokerArn));
  }

  #make(planned: PlannedRole, brokerArn: string): Role {
    const { sensitivity, resources } = planned;
    const roleName = brokeredRoleName(planned);
    const id = roleName.slice(BROKERED_ROLE_PREFIX.length);
    const statements = roleStatements(resources);
    const onlyBroker = new ArnPrincipal(brokerArn);
    const role = new Role(this, id, {
      roleName,
      description: `Postern: assumed by the broker alone, always with a session policy; up to ${sensitivity}`,
      maxSessionDuration: Duration.hours(1),
      assumedBy: onlyBroker.withConditions({ StringLike: { 'sts:SourceIdentity': '*' } }),
      permissionsBoundary: this.#boundary(roleName, statements),
      managedPolicies: inPolicies(roleName, permissionsOf(statements)).map(
        (part, index) =>
          new ManagedPolicy(this, `${id}-catalog-${index + 1}`, {
            managedPolicyName: `${roleName}-${index + 1}`,
            description: 'Postern: what the catalog lists, and a refusal of all else',
            statements: this.#written(part),
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
    const [statements = []] = inPolicies(roleName, boundaryOf(held), 1);
    const boundary = new ManagedPolicy(this, `${roleName}-boundary`, {
      managedPolicyName: `${roleName}-boundary`,
      description: 'Postern: the most that the brokered role can be given',
      statements: this.#written(statements),
    });
    justify(
      boundary,
      'AwsSolutions-IAM5[Resource::*]',
      'A boundary gives nothing. This one denies everything on whatever the catalog does not list, beside it.',
    );
    return boundary;
  }

  #written(statements: readonly PolicyStatementJson[]): PolicyStatement[] {
    return statements.map((statement) => PolicyStatement.fromJson(allFilledIn(statement, this.#broker)));
  }
}
