import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Says, next to a construct, why a rule of cdk-nag does not bind it. The tests fail on any finding without this. */
export function justify(construct: IConstruct, rule: string, reason: string): void {
  Validations.of(construct).acknowledge({ id: rule, reason });
}

/** The same of a policy that names a resource by a wildcard. `arn` is the resource as the policy names it. */
export function justifyWildcard(construct: IConstruct, arn: string, reason: string): void {
  const resource = flatten(Stack.of(construct).resolve(arn));
  justify(construct, `AwsSolutions-IAM5[Resource::${resource}]`, reason);
}

type Intrinsic =
  | string
  | { Ref: string }
  | { 'Fn::GetAtt': string[] }
  | { 'Fn::Join': [string, Intrinsic[]] };

/** A reference as cdk-nag writes it in the id of a finding: `<LogicalId.Arn>/*`. Throws for one that it cannot write. */
function flatten(value: Intrinsic): string {
  if (typeof value === 'string') return value;
  if ('Ref' in value) return `<${value.Ref}>`;
  if ('Fn::GetAtt' in value) return `<${value['Fn::GetAtt'].join('.')}>`;
  if ('Fn::Join' in value) return value['Fn::Join'][1].map(flatten).join(value['Fn::Join'][0]);
  throw new Error(`an ARN is made of something other than references: ${JSON.stringify(value)}`);
}
