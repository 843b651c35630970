import { Stack } from 'aws-cdk-lib';
import { RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { BREAK_GLASS_ROLE } from '../../names.ts';
import { anyBrokeredRole, ruleOnAssumedRole } from './rule-on-assumed-role.ts';

type Props = {
  readonly broker: IRole;
  readonly tell: ITopic;
  readonly undelivered: IQueue;
};

const NOT_AS_MINTED =
  'Postern: a brokered role was assumed in a way the broker never does. See CloudTrail: AssumeRole of postern-brokered-….';
const BREAK_GLASS_USED =
  'Postern: the break-glass role was assumed. See CloudTrail: AssumeRole of postern-break-glass.';

/**
 * Tells of any session of a brokered role that the broker did not mint, or that has no session policy, and of the
 * use of the break-glass role. The trust policy and assume-role each prevent the first two: this is how one would
 * know that both had failed. The function check-session, called by a rule made here too, looks for each session in
 * the audit log.
 */
export class WatchBrokeredRole extends Construct {
  constructor(scope: Construct, id: string, { broker, tell, undelivered }: Props) {
    super(scope, id);
    const assumed = { roleArn: anyBrokeredRole(this) };
    const { partition, account } = Stack.of(this);
    const breakGlassArn = `arn:${partition}:iam::${account}:role/${BREAK_GLASS_ROLE}`;
    const watch = (ruleId: string, message: string, detail: Readonly<Record<string, unknown>>) =>
      ruleOnAssumedRole(this, ruleId, {
        description: 'Postern: a role was assumed that somebody has to know of',
        detail,
        target: new SnsTopic(tell, {
          deadLetterQueue: undelivered,
          message: RuleTargetInput.fromText(message),
        }),
      });
    watch('BreakGlass', BREAK_GLASS_USED, { requestParameters: { roleArn: [breakGlassArn] } });
    watch('WithoutPolicy', NOT_AS_MINTED, {
      requestParameters: { ...assumed, policy: [{ exists: false }] },
    });
    watch('ByAnother', NOT_AS_MINTED, {
      requestParameters: assumed,
      userIdentity: { sessionContext: { sessionIssuer: { arn: [{ 'anything-but': [broker.roleArn] }] } } },
    });
  }
}
