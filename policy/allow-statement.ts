/** A condition block of a policy: operator, key, values. */
export type Condition = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** An Allow statement of a session policy; a session policy holds no other kind. */
export type Statement = {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly condition?: Condition;
};

/** What a kind's builder is given: one grant on one catalog resource, for one subject or none. */
export type GrantOnResource = {
  readonly actions: readonly string[];
  readonly arns: readonly string[];
  readonly subjectId?: string;
};

/** The parts of an ARN that conditions need. */
export function partsOfArn(arn: string): {
  partition: string;
  region: string;
  account: string;
  resource: string;
} {
  const [, partition = '', , region = '', account = '', ...resource] = arn.split(':');
  return { partition, region, account, resource: resource.join(':') };
}
