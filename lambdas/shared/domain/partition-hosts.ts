import { partsOfArn } from '../../../policy/arn/parts-of-arn.ts';

/** Host names of AWS that differ by partition. */
type PartitionHosts = {
  /** What the names of services end in. A test compares it with the SDK's own data. */
  readonly dnsSuffix: string;
  /** Where a session is signed in to the console, and the console. */
  readonly signIn: string;
  readonly console: string;
};

/** Stands for the partition that a template is deployed to; CloudFormation fills it in, and what its hosts end in. */
export const TEMPLATES_PARTITION = '${AWS.Partition}';

/**
 * No data of the SDKs or of CDK names consoles; these are from the guides of each partition.
 * @see https://docs.aws.amazon.com/general/latest/gr/rande.html
 * @see https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-differences.html
 * @see https://docs.amazonaws.cn/en_us/aws/latest/userguide/endpoints-arns.html
 */
const HOSTS: Readonly<Record<string, PartitionHosts>> = {
  aws: { dnsSuffix: 'amazonaws.com', signIn: 'signin.aws.amazon.com', console: 'console.aws.amazon.com' },
  'aws-cn': {
    dnsSuffix: 'amazonaws.com.cn',
    signIn: 'signin.amazonaws.cn',
    console: 'console.amazonaws.cn',
  },
  'aws-us-gov': {
    dnsSuffix: 'amazonaws.com',
    signIn: 'signin.amazonaws-us-gov.com',
    console: 'console.amazonaws-us-gov.com',
  },
};

/** What the names of services end in where an ARN is; undefined for a partition that is not known here. */
export const dnsSuffixOf = (arn: string): string | undefined =>
  partsOfArn(arn).partition === TEMPLATES_PARTITION ? '${AWS.URLSuffix}' : hostsOf(arn)?.dnsSuffix;

/** The hosts of the partition that an ARN is of; undefined for one that is not known here. */
export function hostsOf(arn: string): PartitionHosts | undefined {
  const { partition } = partsOfArn(arn);
  return Object.hasOwn(HOSTS, partition) ? HOSTS[partition] : undefined;
}
