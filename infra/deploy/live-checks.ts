import type { Identified } from './missing-resources.ts';

type Properties = Readonly<Record<string, unknown>>;

/** One thing that only the account itself can tell of a deployment. */
export type LiveCheck = {
  readonly what: string;
  readonly typeName: string;
  /**
   * Of the stack's resources of the type, `every` one or `some`: a bucket that `dataEvents` makes has no lock. `account`:
   * some one of the whole account and region, whoever made it.
   */
  readonly quantity: 'every' | 'some' | 'account';
  readonly holds: (properties: Properties) => boolean;
  /** What is not so where it fails, and what to do. */
  readonly otherwise: string;
};

/** The state of a rule that hears of calls which only read, too: AssumeRole counts as one. */
const HEARS_OF_READS = 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';

type Selectors = {
  EventSelectors?: { IncludeManagementEvents?: boolean; ReadWriteType?: string }[];
  AdvancedEventSelectors?: { FieldSelectors: { Field: string; Equals?: string[] }[] }[];
};

/** Whether a trail logs management events that only read: AssumeRole is one. A trail without selectors logs all of them. */
function logsReads({ EventSelectors = [], AdvancedEventSelectors = [] }: Selectors): boolean {
  if (EventSelectors.length + AdvancedEventSelectors.length === 0) return true;
  const advanced = AdvancedEventSelectors.some(({ FieldSelectors }) => {
    const wanted = (name: string) => FieldSelectors.find(({ Field }) => Field === name)?.Equals?.[0];
    return wanted('eventCategory') === 'Management' && wanted('readOnly') !== 'false';
  });
  return (
    advanced ||
    EventSelectors.some(
      ({ IncludeManagementEvents = true, ReadWriteType = 'All' }) =>
        IncludeManagementEvents && ReadWriteType !== 'WriteOnly',
    )
  );
}

type Lock = { ObjectLockEnabled?: string; Rule?: { DefaultRetention?: { Mode?: string } } };

/** What the scenes of the smoke test do not touch. Each is read from the resource as it stands, not from the template. */
export const LIVE_CHECKS: readonly LiveCheck[] = [
  {
    what: 'the pipe of statuses runs',
    typeName: 'AWS::Pipes::Pipe',
    quantity: 'every',
    holds: ({ CurrentState }) => CurrentState === 'RUNNING',
    otherwise:
      'nobody is told what becomes of requests: EventBridge names the cause at the pipe; start it there once it is mended',
  },
  {
    what: 'the audit archive is locked',
    typeName: 'AWS::S3::Bucket',
    quantity: 'some',
    holds: ({ ObjectLockEnabled, ObjectLockConfiguration }) =>
      ObjectLockEnabled === true &&
      Boolean((ObjectLockConfiguration as Lock | undefined)?.Rule?.DefaultRetention?.Mode),
    otherwise:
      'archived records can be removed: somebody changed the bucket; deploy again, and look who it was',
  },
  {
    what: 'alarms tell somebody',
    typeName: 'AWS::CloudWatch::Alarm',
    quantity: 'every',
    holds: ({ ActionsEnabled, AlarmActions }) =>
      ActionsEnabled !== false && Array.isArray(AlarmActions) && AlarmActions.length > 0,
    otherwise: 'an alarm rings unheard: enable its actions in CloudWatch, or deploy again',
  },
  {
    what: 'every rule is on, and those that watch sessions hear of AssumeRole',
    typeName: 'AWS::Events::Rule',
    quantity: 'every',
    holds: ({ State, EventPattern }) =>
      JSON.stringify(EventPattern ?? {}).includes('aws.sts') ? State === HEARS_OF_READS : State === 'ENABLED',
    otherwise:
      'heads go unsigned, requests stay open, or sessions are not watched, as the rule says: somebody disabled it; `aws events enable-rule` turns it on, for those of AssumeRole with put-rule and the state ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS',
  },
  {
    what: 'a CloudTrail trail logs management events here',
    typeName: 'AWS::CloudTrail::Trail',
    quantity: 'account',
    holds: (trail) => trail.IsLogging === true && logsReads(trail as Selectors),
    otherwise:
      'EventBridge hears of no AssumeRole, so no alarm tells of a session that the broker did not make: make a trail with read and write management events, or start its logging',
  },
];

type Ports = {
  /** Everything that the stack holds. */
  readonly resources: readonly Identified[];
  /** Everything of a type that the account has in this region. */
  list(typeName: string): Promise<readonly Identified[]>;
  /** A resource as it stands. */
  read(resource: Identified): Promise<Properties>;
};

/** Answers which resources a check fails for; none where it holds. A type that the stack lacks altogether fails. */
export async function failuresOf(check: LiveCheck, { resources, list, read }: Ports): Promise<string[]> {
  const checked =
    check.quantity === 'account'
      ? await list(check.typeName)
      : resources.filter(({ typeName }) => typeName === check.typeName);
  const failed: string[] = [];
  for (const resource of checked)
    if (!check.holds(await read(resource))) failed.push(`${resource.typeName} ${resource.identifier}`);
  if (checked.length === 0) return [`there is no ${check.typeName}`];
  return check.quantity === 'every' || failed.length === checked.length ? failed : [];
}
