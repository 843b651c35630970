/** An ARN as a broker's catalog writes it: in whichever partition and account the broker is deployed. */
export const whereverDeployed = (arn: string): string =>
  arn.replace(/^arn:[^:]*:([^:]*):([^:]*):(\d*):/, (_, service, region, account) => {
    const where = account === '' ? '' : '${AWS::AccountId}';
    return `arn:\${AWS::Partition}:${service}:${region}:${where}:`;
  });
