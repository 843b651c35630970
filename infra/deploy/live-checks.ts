import type { Identified } from './missing-resources.ts';

type Properties = Readonly<Record<string, unknown>>;

/** One thing that only the account itself can tell of a deployment. */
export type LiveCheck = {
  readonly what: string;
  readonly typeName: string;
  /** `some`: one resource of the type is enough; a bucket that `dataEvents` makes has no lock. */
  readonly quantity: 'every' | 'some';
  readonly holds: (properties: Properties) => boolean;
  /** What is not so where it fails, and what to do. */
  readonly otherwise: string;
};

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
];

type Ports = {
  /** Everything that the stack holds. */
  readonly resources: readonly Identified[];
  /** A resource as it stands. */
  read(resource: Identified): Promise<Properties>;
};

/** Answers which resources a check fails for; none where it holds. A type that the stack lacks altogether fails. */
export async function failuresOf(check: LiveCheck, { resources, read }: Ports): Promise<string[]> {
  const asked = resources.filter(({ typeName }) => typeName === check.typeName);
  const failed: string[] = [];
  for (const resource of asked)
    if (!check.holds(await read(resource))) failed.push(`${resource.typeName} ${resource.identifier}`);
  if (asked.length === 0) return [`no ${check.typeName} is deployed`];
  return check.quantity === 'every' || failed.length === asked.length ? failed : [];
}
