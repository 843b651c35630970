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
