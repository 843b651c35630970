import {
  Aws,
  BootstraplessSynthesizer,
  CfnParameter,
  CfnRule,
  Fn,
  type IStackSynthesizer,
  Stack,
} from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { planRoles } from '../lambdas/shared/domain/brokered/plan-roles.ts';
import { catalogForTemplate, catalogParts, IN_TEMPLATE } from './brokered/catalog-for.ts';
import { BrokeredRoles } from './constructs/brokered-roles.ts';

/**
 * The brokered roles of another account, whose resources the catalog lists by that account's id. It is deployed
 * there, and names the broker by its account and region. Throws where the catalog lists nothing of the account.
 */
export class MemberStack extends Stack {
  constructor(scope: Construct, id: string, { member }: { member: string }) {
    super(scope, id, {
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
        `catalog.json lists no resource of account ${member}; give its account id in their ARNs`,
      );
    new BrokeredRoles(this, 'BrokeredRoles', {
      planned,
      broker: { AccountId: 'BrokerAccount', Region: 'BrokerRegion' },
      brokerArn: `arn:${Aws.PARTITION}:iam::${broker}:role/postern-assume-role`,
    });
  }
}
