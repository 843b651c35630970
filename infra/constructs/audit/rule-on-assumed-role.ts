import { Stack } from 'aws-cdk-lib';
import { type CfnRule, type IRuleTarget, Rule } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import { BROKERED_ROLE_PREFIX } from '../../../lambdas/shared/domain/brokered/brokered-role.ts';

type Props = {
  readonly description: string;
  /** What of the event it is for, as CloudTrail writes it. */
  readonly detail: Readonly<Record<string, unknown>>;
  readonly target: IRuleTarget;
};

/** A rule for calls of AssumeRole as CloudTrail tells of them. It takes a trail in the account. */
export function ruleOnAssumedRole(
  scope: Construct,
  id: string,
  { description, detail, target }: Props,
): void {
  const rule = new Rule(scope, id, {
    description,
    eventPattern: {
      source: ['aws.sts'],
      detailType: ['AWS API Call via CloudTrail'],
      detail: { eventSource: ['sts.amazonaws.com'], eventName: ['AssumeRole'], ...detail },
    },
    targets: [target],
  });
  // AssumeRole counts as read-only, which rules are only shown in this state.
  (rule.node.defaultChild as CfnRule).state = 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';
}

/**
 * Any brokered role of this account, as an event's field is matched: a pattern holds 2,048 characters, and a large
 * catalog takes more roles than could be named in it.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
 */
export function anyBrokeredRole(scope: Construct): object[] {
  const { partition, account } = Stack.of(scope);
  return [{ prefix: `arn:${partition}:iam::${account}:role/${BROKERED_ROLE_PREFIX}` }];
}
