import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Says, next to a construct, why a rule of cdk-nag does not bind it. The tests fail on any finding without this. */
export function justify(construct: IConstruct, rule: string, reason: string): void {
  Validations.of(construct).acknowledge({ id: rule, reason });
}
