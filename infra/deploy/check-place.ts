/**
 * Regions where CloudFormation knows no `AWS::Pipes::Pipe`, which tells other systems what becomes of requests.
 * @see https://docs.aws.amazon.com/general/latest/gr/eventbridge-pipes.html
 */
const WITHOUT_PIPES: readonly string[] = [
  'ap-east-2',
  'ap-southeast-4',
  'ap-southeast-5',
  'ap-southeast-6',
  'ap-southeast-7',
  'ca-west-1',
  'il-central-1',
  'mx-central-1',
  'us-gov-east-1',
  'us-gov-west-1',
];

/** What keeps Postern out of a region; undefined for one that has all it needs. */
export const problemOfRegion = (region: string): string | undefined =>
  WITHOUT_PIPES.includes(region)
    ? `${region} has no EventBridge Pipes, which Postern announces statuses by: deploy to another region`
    : undefined;

/**
 * Simultaneous runs that Lambda wants left to functions without a reservation.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
 */
const LEAST_UNRESERVED = 100;

/** Simultaneous runs of an account's functions in a region. */
export type Concurrency = {
  /** What no function has reserved. */
  readonly unreserved: number;
  /** What the front door of an earlier deployment has reserved, which a new reservation takes the place of. */
  readonly reservedByFrontDoor: number;
};

/** What keeps a reservation for the front door from being made; undefined where the account has enough left. */
export function problemOfConcurrency(
  wanted: number | 'unreserved',
  { unreserved, reservedByFrontDoor }: Concurrency,
): string | undefined {
  if (wanted === 'unreserved') return undefined;
  const left = unreserved + reservedByFrontDoor - wanted;
  if (left >= LEAST_UNRESERVED) return undefined;
  const needed = LEAST_UNRESERVED + wanted;
  return `frontDoorConcurrency reserves ${wanted} simultaneous runs, and Lambda wants ${LEAST_UNRESERVED} left: this account has ${unreserved + reservedByFrontDoor} of the ${needed}; set frontDoorConcurrency to "unreserved" in deployment.json, or ask AWS for a higher limit`;
}
