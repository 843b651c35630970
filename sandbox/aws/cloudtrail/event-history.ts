import { randomUUID } from 'node:crypto';
import { openIamData } from '../../../gateway/identify/iam/open-iam-data.ts';
import type { AwsCall, AwsCaller } from '../types.ts';
import { isDataEvent } from './is-data-event.ts';

/** Events that are held; older ones make room. */
const MOST_HELD = 20_000;

/** What was done with a call, once it is over. */
export type FinishedCall = Pick<AwsCall, 'caller' | 'service' | 'operation'> & {
  readonly region: string;
  readonly requestId: string;
  /** What IAM was asked about. */
  readonly resources: readonly string[];
  /** What was answered instead. */
  readonly error?: { readonly code: string; readonly message: string };
};

export type HeldEvent = {
  /** Counts up: an event that comes later has a greater one. */
  readonly place: number;
  readonly id: string;
  readonly name: string;
  readonly source: string;
  readonly region: string;
  readonly happenedAt: Date;
  readonly isReadOnly: boolean;
  readonly accessKeyId: string;
  readonly username: string;
  readonly resources: readonly { readonly ResourceType?: string; readonly ResourceName: string }[];
  /** The record, as CloudTrail writes it. */
  readonly record: object;
};

/** Kinds of resources, by the service of their ARN. */
const TYPES: Readonly<Record<string, string>> = {
  dynamodb: 'AWS::DynamoDB::Table',
  iam: 'AWS::IAM::Role',
  kms: 'AWS::KMS::Key',
  lambda: 'AWS::Lambda::Function',
  s3: 'AWS::S3::Bucket',
  secretsmanager: 'AWS::SecretsManager::Secret',
  sns: 'AWS::SNS::Topic',
  sqs: 'AWS::SQS::Queue',
  states: 'AWS::StepFunctions::StateMachine',
};

/** Of services that are not of a region CloudTrail writes the events there. */
const regionOf = (service: string, region: string): string => (service === 'iam' ? 'us-east-1' : region);

/** What a name's end is: a user's name, a session's. */
const lastOf = (arn: string): string => arn.split('/').at(-1) ?? arn;

function identityOf({ arn, userId, accountId, accessKeyId, sessionIssuer, sourceIdentity }: AwsCaller) {
  const common = { principalId: userId, arn, accountId, accessKeyId };
  if (sessionIssuer === undefined) return { type: 'IAMUser', ...common, userName: lastOf(arn) };
  return {
    type: 'AssumedRole',
    ...common,
    sessionContext: {
      ...(sourceIdentity !== undefined && { sourceIdentity }),
      sessionIssuer: {
        type: 'Role',
        principalId: userId.split(':')[0],
        arn: sessionIssuer,
        accountId,
        userName: lastOf(sessionIssuer),
      },
    },
  };
}

/** In CloudTrail a denial is called the same of every service. */
const codeOf = (code: string): string => (code === 'AccessDeniedException' ? 'AccessDenied' : code);

/** What CloudTrail keeps by itself of an account: its management events, in memory. */
export function makeEventHistory(now: () => Date) {
  const iam = openIamData();
  const held: HeldEvent[] = [];
  let count = 0;

  function isReadOnly(service: string, operation: string): boolean {
    const [level = 'W'] = iam.service(service)?.action(operation)?.row ?? [];
    return level === 'R' || level === 'L';
  }

  return {
    /** Notes a call, where it is one of those that the history has. A call's parameters are not noted: they may be secrets. */
    note({ caller, service, operation, region, requestId, resources, error }: FinishedCall): void {
      if (isDataEvent(service, operation)) return;
      const [id, happenedAt, readOnly] = [randomUUID(), now(), isReadOnly(service, operation)];
      const named = [...new Set(resources)].filter((arn) => arn.startsWith('arn:') && !arn.includes('*'));
      const awsRegion = regionOf(service, region);
      count += 1;
      held.push({
        place: count,
        id,
        name: operation,
        source: `${service}.amazonaws.com`,
        region: awsRegion,
        happenedAt,
        isReadOnly: readOnly,
        accessKeyId: caller.accessKeyId,
        username: lastOf(caller.arn),
        resources: named.map((arn) => {
          const type = TYPES[arn.split(':')[2] ?? ''];
          return { ...(type && { ResourceType: type }), ResourceName: arn };
        }),
        record: {
          eventVersion: '1.11',
          userIdentity: identityOf(caller),
          eventTime: `${happenedAt.toISOString().slice(0, 19)}Z`,
          eventSource: `${service}.amazonaws.com`,
          eventName: operation,
          awsRegion,
          sourceIPAddress: '127.0.0.1',
          ...(error && { errorCode: codeOf(error.code), errorMessage: error.message }),
          requestParameters: null,
          responseElements: null,
          requestID: requestId,
          eventID: id,
          readOnly,
          ...(named.length > 0 && {
            resources: named.map((ARN) => ({ accountId: caller.accountId, ARN })),
          }),
          eventType: 'AwsApiCall',
          managementEvent: true,
          recipientAccountId: caller.accountId,
          eventCategory: 'Management',
        },
      });
      if (held.length > MOST_HELD) held.shift();
    },
    /** The newest first. */
    events: (): readonly HeldEvent[] => held.toReversed(),
  };
}
export type EventHistory = ReturnType<typeof makeEventHistory>;
