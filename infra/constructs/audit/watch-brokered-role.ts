import { Stack } from 'aws-cdk-lib';
import { type CfnRule, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { LambdaFunction, SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { BREAK_GLASS_ROLE } from '../../names.ts';

type Props = {
  readonly brokered: readonly IRole[];
  readonly broker: IRole;
  /** Looks for the session in the audit log. */
  readonly checkSession: IFunction;
  readonly tell: ITopic;
  readonly undelivered: IQueue;
};

const NOT_AS_MINTED =
  'Postern: a brokered role was assumed in a way the broker never does. See CloudTrail: AssumeRole of postern-brokered-….';
const BREAK_GLASS_USED =
  'Postern: the break-glass role was assumed. See CloudTrail: AssumeRole of postern-break-glass.';

/**
 * Tells of any session of a brokered role that the broker did not mint, that has no session policy, or that the
 * audit log does not know (by an alarm), and of the use of the break-glass role. The
 * trust policy and assume-role each prevent it: this is how one would know that both had failed. It takes a
 * CloudTrail trail in the account, which delivers management events to EventBridge.
 */
export class WatchBrokeredRole extends Construct {
  constructor(scope: Construct, id: string, { brokered, broker, checkSession, ...to }: Props) {
    super(scope, id);
    const assumed = { roleArn: brokered.map(({ roleArn }) => roleArn) };
    const { partition, account } = Stack.of(this);
    const breakGlassArn = `arn:${partition}:iam::${account}:role/${BREAK_GLASS_ROLE}`;
    const minted = new Rule(this, 'Recorded', {
      description: 'Postern: each session of a brokered role is looked for in the audit log',
      eventPattern: patternOf({ requestParameters: assumed, errorCode: [{ exists: false }] }),
      targets: [new LambdaFunction(checkSession, { retryAttempts: 10, deadLetterQueue: to.undelivered })],
    });
    seeReads(minted);
    this.#watch('BreakGlass', to, BREAK_GLASS_USED, {
      requestParameters: { roleArn: [breakGlassArn] },
    });
    this.#watch('WithoutPolicy', to, NOT_AS_MINTED, {
      requestParameters: { ...assumed, policy: [{ exists: false }] },
    });
    this.#watch('ByAnother', to, NOT_AS_MINTED, {
      requestParameters: assumed,
      userIdentity: { sessionContext: { sessionIssuer: { arn: [{ 'anything-but': [broker.roleArn] }] } } },
    });
  }

  #watch(
    id: string,
    to: Pick<Props, 'tell' | 'undelivered'>,
    message: string,
    detail: Record<string, unknown>,
  ): void {
    const rule = new Rule(this, id, {
      description: 'Postern: a role was assumed that somebody has to know of',
      eventPattern: patternOf(detail),
      targets: [
        new SnsTopic(to.tell, {
          deadLetterQueue: to.undelivered,
          message: RuleTargetInput.fromText(message),
        }),
      ],
    });
    seeReads(rule);
  }
}

/** AssumeRole as CloudTrail tells it. */
const patternOf = (detail: Record<string, unknown>) => ({
  source: ['aws.sts'],
  detailType: ['AWS API Call via CloudTrail'],
  detail: { eventSource: ['sts.amazonaws.com'], eventName: ['AssumeRole'], ...detail },
});

/** AssumeRole counts as read-only, which rules are only shown in this state. */
function seeReads(rule: Rule): void {
  (rule.node.defaultChild as CfnRule).state = 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';
}
