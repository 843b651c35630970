import type { CommonGrants } from './common-grants.ts';
import type { FunctionGrants, Resources } from './function-grants.ts';
import { allow, LIST_STREAMS, onAllButTokens, onIndex, onItems, onTokens, readStream } from './statements.ts';

/** The functions that streams, schedules and buses call. */
export function eventGrants(
  { keys, tables, secrets, archive }: Resources,
  {
    executions,
    secret,
    through,
    table,
    append,
    data,
    slack,
    pagers,
    callerMachines,
    undelivered,
  }: CommonGrants,
) {
  return {
    'check-session': {
      statements: [onIndex(tables.audit, 'byRequest'), data, ...undelivered],
      env: table.audit,
    },
    'close-request': {
      statements: [
        onItems(tables.requests, 'GetItem', 'UpdateItem'),
        onIndex(tables.requests, 'byOpen'),
        ...append,
        data,
        allow(['states:DescribeExecution'], executions),
        ...undelivered,
      ],
      env: { ...table.requests, ...table.audit },
    },
    'sign-heads': {
      statements: [
        onItems(tables.principals, 'Scan'),
        ...append,
        allow(['kms:VerifyMac'], keys.auditArn),
        allow(['kms:Sign'], keys.headsArn),
        allow(['s3:GetObject', 's3:PutObject'], archive.bucket.arnForObjects('heads/*')),
        // Without it S3 answers 403 for an object that is not there.
        allow(['s3:ListBucket'], archive.bucket.bucketArn),
        data,
        through('s3', keys.data, ['kms:Decrypt', 'kms:GenerateDataKey']),
        ...undelivered,
      ],
      env: {
        ...table.principals,
        ...table.audit,
        HEADS_KEY_ID: keys.headsArn,
        ARCHIVE_URL: archive.url,
      },
    },
    'archive-audit': {
      statements: [
        readStream(tables.audit),
        LIST_STREAMS,
        data,
        allow(['s3:PutObject'], archive.bucket.arnForObjects('*')),
        through('s3', keys.data, ['kms:GenerateDataKey']),
        ...undelivered,
      ],
      env: { ARCHIVE_URL: archive.url },
    },
    'update-messages': {
      statements: [
        readStream(tables.requests),
        LIST_STREAMS,
        onItems(tables.requests, 'GetItem'),
        onAllButTokens(tables.approvals, 'Query'),
        onItems(tables.messages, 'GetItem', 'PutItem', 'DeleteItem'),
        onItems(tables.principals, 'GetItem'),
        ...secret(secrets.slack.secretArn),
        data,
        ...undelivered,
      ],
      env: { ...table.requests, ...table.approvals, ...table.messages, ...table.principals, ...slack },
    },
    'tell-suspension': {
      statements: [
        readStream(tables.usage),
        LIST_STREAMS,
        onItems(tables.messages, 'GetItem', 'PutItem', 'DeleteItem'),
        ...secret(secrets.slack.secretArn),
        data,
        ...undelivered,
        ...(pagers.length > 0 ? [allow(['sns:Publish'], ...pagers)] : []),
      ],
      env: { ...table.messages, SLACK_SECRET_ID: secrets.slack.secretArn },
    },
    'deliver-callback': {
      statements: [
        onItems(tables.requests, 'GetItem'),
        onTokens(tables.callbacks, 'GetItem', 'DeleteItem'),
        onAllButTokens(tables.callbacks, 'PutItem'),
        data,
        // INVARIANT: what decides whose tokens are completed. Without a machine on the list, nobody's are.
        ...(callerMachines.length > 0
          ? [allow(['states:SendTaskSuccess', 'states:SendTaskFailure'], ...callerMachines)]
          : []),
        ...undelivered,
      ],
      env: { ...table.requests, ...table.callbacks },
    },
  } satisfies Record<string, FunctionGrants>;
}
