import { type CfnRule, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

type Props = {
  readonly brokered: readonly IRole[];
  readonly broker: IRole;
  readonly tell: ITopic;
  readonly undelivered: IQueue;
};

/**
 * Tells of any session of a brokered role that the broker did not mint, or that has no session policy. The
 * trust policy and assume-role each prevent it: this is how one would know that both had failed. It takes a
 * CloudTrail trail in the account, which delivers management events to EventBridge.
 */
export class WatchBrokeredRole extends Construct {
  constructor(scope: Construct, id: string, { brokered, broker, ...to }: Props) {
    super(scope, id);
    const assumed = { roleArn: brokered.map(({ roleArn }) => roleArn) };
    this.#watch('WithoutPolicy', to, {
      requestParameters: { ...assumed, policy: [{ exists: false }] },
    });
    this.#watch('ByAnother', to, {
      requestParameters: assumed,
      userIdentity: { sessionContext: { sessionIssuer: { arn: [{ 'anything-but': [broker.roleArn] }] } } },
    });
  }

  #watch(id: string, to: Pick<Props, 'tell' | 'undelivered'>, detail: Record<string, unknown>): void {
    const rule = new Rule(this, id, {
      description: 'Postern: a session of the brokered role that is not as the broker mints them',
      eventPattern: {
        source: ['aws.sts'],
        detailType: ['AWS API Call via CloudTrail'],
        detail: { eventSource: ['sts.amazonaws.com'], eventName: ['AssumeRole'], ...detail },
      },
      targets: [
        new SnsTopic(to.tell, {
          deadLetterQueue: to.undelivered,
          message: RuleTargetInput.fromText(
            'Postern: the brokered role was assumed in a way the broker never does. See CloudTrail: AssumeRole of postern-brokered-….',
          ),
        }),
      ],
    });
    // AssumeRole counts as read-only, which rules are only shown in this state.
    (rule.node.defaultChild as CfnRule).state = 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';
  }
}
