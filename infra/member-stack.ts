import {
  Aws,
  BootstraplessSynthesizer,
  CfnParameter,
  CfnRule,
  Duration,
  Fn,
  type IStackSynthesizer,
  Stack,
} from 'aws-cdk-lib';
import { ArnPrincipal, CompositePrincipal, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { planRoles } from '../lambdas/shared/domain/brokered/plan-roles.ts';
import { REVOKER_ROLE, REVOKERS } from '../lambdas/shared/domain/revocation/revoker-role.ts';
import { catalogForTemplate, catalogParts, IN_TEMPLATE } from './brokered/catalog-for.ts';
import { BrokeredRoles } from './constructs/brokered-roles.ts';

/**
 * The brokered roles of another account, for the entries that the catalog has of it, and the role that revokes there. It
 * is deployed there, and names the broker by its account and region. Throws where the catalog has no entry of the account.
 */
export class MemberStack extends Stack {
  constructor(scope: Construct, id: string, { member }: { member: string }) {
    super(scope, id, {
      // CloudFormation takes 51,200 characters of a template that is not in a bucket.
      suppressTemplateIndentation: true,
      description: `Postern: the roles that it brokers in ${member}`,
      // Nothing of it is an asset: it deploys to an account that was never bootstrapped.
      synthesizer: new BootstraplessSynthesizer() as IStackSynthesizer,
    });
    const broker = new CfnParameter(this, 'BrokerAccount', {
      description: 'The account that Postern is deployed to',
      allowedPattern: '^\\d{12}$',
    }).valueAsString;
    new CfnParameter(this, 'BrokerRegion', {
      description: 'The region that Postern is deployed to',
      allowedPattern: '^[a-z]{2}(-[a-z]+)+-\\d$',
    });
    new CfnRule(this, 'RightAccount', {
      assertions: [
        {
          assert: Fn.conditionEquals(Aws.ACCOUNT_ID, member),
          assertDescription: `These are the roles of account ${member}; deploy them there.`,
        },
      ],
    });
    const planned = planRoles(catalogForTemplate(), IN_TEMPLATE.accountId, catalogParts()).filter(
      ({ account }) => account === member,
    );
    if (planned.length === 0)
      throw new Error(
        `catalog.json lists no resource of account ${member}; name it in the "accounts" of an entry`,
      );
    const brokersRole = (name: string) => `arn:${Aws.PARTITION}:iam::${broker}:role/${name}`;
    const { roles } = new BrokeredRoles(this, 'BrokeredRoles', {
      planned,
      broker: { AccountId: 'BrokerAccount', Region: 'BrokerRegion' },
      brokerArn: brokersRole('postern-assume-role'),
    });
    // Their boundaries keep the brokered roles from being widened by what it puts on them.
    const revoker = new Role(this, 'Revoker', {
      roleName: REVOKER_ROLE,
      description: 'Postern: denies sessions of the brokered roles here before their time, and nothing else',
      maxSessionDuration: Duration.hours(1),
      assumedBy: new CompositePrincipal(...REVOKERS.map((name) => new ArnPrincipal(brokersRole(name)))),
    });
    revoker.addToPolicy(
      new PolicyStatement({
        actions: ['iam:PutRolePolicy'],
        resources: roles.map(({ roleName }) =>
          this.formatArn({ service: 'iam', region: '', resource: 'role', resourceName: roleName }),
        ),
      }),
    );
  }
}
