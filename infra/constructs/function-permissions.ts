import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { readConfigFiles } from '../../lambdas/shared/adapters/read-config.ts';
import type { BrokeredRoleSpec } from '../../lambdas/shared/domain/brokered-role.ts';
import type { FunctionName } from '../function-entries.ts';
import type { Settings } from '../settings.ts';
import type { Archive } from './archive.ts';
import type { Keys } from './keys.ts';
import {
  brokeredRoleArn,
  callerMachineArn,
  executionArns,
  revokeMachineArn,
  STEP_UP_PREFIX,
  stateMachineArn,
  stepUpSecretArns,
} from './names.ts';
import type { Queues } from './queues.ts';
import type { Secrets } from './secrets.ts';
import { allow, LIST_STREAMS, onAllButTokens, onIndex, onItems, onTokens, readStream } from './statements.ts';
import type { Tables } from './tables.ts';

export type Resources = {
  readonly keys: Keys;
  readonly tables: Tables;
  readonly secrets: Secrets;
  readonly queues: Queues;
  readonly archive: Archive;
  readonly settings: Settings;
  /** Of every account: whose sessions assume-role mints. */
  readonly brokeredRoles: readonly BrokeredRoleSpec[];
};

/** What a function may do, and the variables that tell it where. */
export type FunctionGrants = {
  readonly statements: PolicyStatement[];
  readonly env: Record<string, string>;
};

/**
 * Each function's permissions, statement by statement. No two functions share a role; the sandbox enforces
 * these same statements, so one that is missing fails the tests.
 */
export function grantsOf(
  scope: Construct,
  { keys, tables, secrets, queues, archive, settings, brokeredRoles }: Resources,
): Record<FunctionName, FunctionGrants> {
  const stack = Stack.of(scope);
  const machine = stateMachineArn(scope);
  const executions = executionArns(scope);
  const brokered = brokeredRoles.map((role) => brokeredRoleArn(scope, role));
  const revokeMachine = revokeMachineArn(scope);
  const revoke = {
    statements: [allow(['states:StartExecution'], revokeMachine)],
    env: { REVOKE_MACHINE_ARN: revokeMachine },
  };
  const wake = allow(['states:SendTaskSuccess'], machine);
  /** Reading a secret takes its key too, through Secrets Manager alone. */
  const secret = (arn: string) => [allow(['secretsmanager:GetSecretValue'], arn), through('secretsmanager')];
  const through = (service: string, key = keys.data, actions = ['kms:Decrypt']) =>
    new PolicyStatement({
      actions,
      resources: [key.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `${service}.${stack.region}.amazonaws.com` } },
    });

  const table = {
    requests: { REQUESTS_TABLE: tables.requests.tableName },
    principals: { PRINCIPALS_TABLE: tables.principals.tableName },
    policies: { POLICIES_TABLE: tables.policies.tableName },
    awsPrincipals: { AWS_PRINCIPALS_TABLE: tables.awsPrincipals.tableName },
    idempotency: { IDEMPOTENCY_TABLE: tables.idempotency.tableName },
    approvals: { APPROVALS_TABLE: tables.approvals.tableName },
    messages: { MESSAGES_TABLE: tables.messages.tableName },
    once: { ONCE_TABLE: tables.once.tableName },
    callbacks: { CALLBACKS_TABLE: tables.callbacks.tableName },
    audit: { AUDIT_TABLE: tables.audit.tableName, AUDIT_KEY_ID: keys.auditArn },
    versions: { VERSIONS_TABLE: tables.versions.tableName },
    denials: { DENIALS_TABLE: tables.denials.tableName },
    usage: { USAGE_TABLE: tables.usage.tableName },
  };
  /** Appends to the audit log. */
  const append = [onItems(tables.audit, 'PutItem', 'Query'), allow(['kms:GenerateMac'], keys.auditArn)];
  const seal = { SEAL_KEY_ID: keys.sealArn };
  const verifySeal = allow(['kms:VerifyMac'], keys.sealArn);
  const config = { POSTERN_ACCOUNT_ID: stack.account, POSTERN_PARTITION: stack.partition };
  const data = through('dynamodb');
  /** An empty console is that of Step Functions; the sandbox has one of its own. */
  const slack = { SLACK_SECRET_ID: secrets.slack.secretArn, CONSOLE_URL: '' };
  const pagers = readConfigFiles().approvals.tiers.flatMap(({ notifyTopicArn }) => notifyTopicArn ?? []);
  const callerMachines = settings.callbackStateMachines.map((name) => callerMachineArn(scope, name));
  const undelivered = [
    allow(['sqs:SendMessage'], queues.undelivered.queueArn),
    through('sqs', keys.messages, ['kms:Decrypt', 'kms:GenerateDataKey']),
  ];

  /** Denies sessions of this account's brokered roles. Their boundaries keep them from being widened this way. */
  const revocable = brokeredRoles.filter(({ account }) => account === stack.account);
  const deny = {
    statements: [
      onItems(tables.denials, 'GetItem', 'PutItem'),
      allow(['iam:PutRolePolicy'], ...revocable.map((role) => brokeredRoleArn(scope, role))),
    ],
    env: { ...table.denials, POSTERN_ACCOUNT_ID: stack.account },
  };

  return {
    'load-policy': {
      statements: [
        onItems(tables.principals, 'GetItem'),
        onItems(tables.policies, 'GetItem'),
        ...append,
        data,
      ],
      env: { ...table.principals, ...table.policies, ...table.audit },
    },
    'review-request': {
      statements: secret(secrets.openai.secretArn),
      env: {
        ...config,
        OPENAI_SECRET_ID: secrets.openai.secretArn,
        OPENAI_BASE_URL: settings.openaiBaseUrl,
        OPENAI_MODEL: settings.openaiModel,
      },
    },
    'validate-decision': {
      statements: [allow(['kms:GenerateMac'], keys.sealArn)],
      env: { ...config, ...seal },
    },
    'request-approval': {
      statements: [
        onTokens(tables.approvals, 'PutItem'),
        onAllButTokens(tables.approvals, 'Query'),
        onItems(tables.requests, 'GetItem', 'UpdateItem'),
        onItems(tables.principals, 'GetItem'),
        onItems(tables.policies, 'GetItem'),
        onItems(tables.messages, 'GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'),
        ...secret(secrets.slack.secretArn),
        ...append,
        data,
        wake,
        ...(pagers.length > 0 ? [allow(['sns:Publish'], ...pagers)] : []),
      ],
      env: {
        ...table.approvals,
        ...table.requests,
        ...table.principals,
        ...table.policies,
        ...table.messages,
        ...table.audit,
        ...slack,
      },
    },
    'tally-votes': {
      statements: [
        onAllButTokens(tables.approvals, 'Query'),
        onItems(tables.principals, 'GetItem'),
        ...append,
        data,
      ],
      env: { ...table.approvals, ...table.principals, ...table.audit },
    },
    'await-claim': {
      statements: [onItems(tables.requests, 'UpdateItem'), ...append, data],
      env: { ...table.requests, ...table.audit },
    },
    'assume-role': {
      statements: [
        onItems(tables.requests, 'GetItem', 'UpdateItem'),
        onItems(tables.principals, 'GetItem'),
        onItems(tables.policies, 'GetItem'),
        ...append,
        data,
        verifySeal,
        allow(['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'], ...brokered),
      ],
      env: { ...table.requests, ...table.principals, ...table.policies, ...table.audit, ...seal },
    },
    'apply-change': {
      statements: [
        onItems(tables.requests, 'GetItem'),
        onItems(tables.principals, 'GetItem', 'PutItem'),
        onItems(tables.policies, 'GetItem', 'PutItem'),
        onItems(tables.awsPrincipals, 'PutItem', 'DeleteItem'),
        onItems(tables.versions, 'PutItem'),
        ...append,
        data,
        verifySeal,
        ...revoke.statements,
      ],
      env: {
        ...table.requests,
        ...table.principals,
        ...table.policies,
        ...table.awsPrincipals,
        ...table.audit,
        ...table.versions,
        ...seal,
        ...revoke.env,
      },
    },
    'write-log': {
      statements: [
        onItems(tables.requests, 'GetItem', 'UpdateItem'),
        ...append,
        onItems(tables.usage, 'GetItem', 'PutItem'),
        data,
      ],
      env: { ...table.requests, ...table.audit, ...table.usage },
    },
    'revoke-session': {
      statements: [
        onItems(tables.requests, 'GetItem', 'UpdateItem'),
        onIndex(tables.requests, 'byOpen'),
        onIndex(tables.requests, 'byLive'),
        ...append,
        ...deny.statements,
        data,
        allow(['states:StopExecution'], executions),
      ],
      env: { ...table.requests, ...table.audit, ...deny.env },
    },
    'lift-revocation': { statements: [...deny.statements, data], env: deny.env },
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
        onItems(tables.messages, 'PutItem', 'DeleteItem'),
        ...secret(secrets.slack.secretArn),
        data,
        ...undelivered,
        ...(pagers.length > 0 ? [allow(['sns:Publish'], ...pagers)] : []),
      ],
      env: { ...table.messages, SLACK_SECRET_ID: secrets.slack.secretArn },
    },
    'slack-app': {
      statements: [
        onItems(tables.requests, 'GetItem', 'PutItem'),
        onTokens(tables.approvals, 'GetItem'),
        onAllButTokens(tables.approvals, 'PutItem', 'UpdateItem', 'Query'),
        onItems(tables.messages, 'GetItem'),
        onItems(tables.once, 'PutItem', 'UpdateItem', 'DeleteItem'),
        onItems(tables.principals, 'GetItem'),
        onItems(tables.awsPrincipals, 'GetItem'),
        onItems(tables.idempotency, 'GetItem', 'PutItem'),
        onItems(tables.usage, 'GetItem', 'PutItem'),
        onItems(tables.denials, 'GetItem'),
        ...secret(secrets.slack.secretArn),
        allow(['secretsmanager:GetSecretValue'], stepUpSecretArns(scope)),
        data,
        allow(['states:StartExecution'], machine),
        wake,
        ...revoke.statements,
      ],
      env: {
        ...table.requests,
        ...table.approvals,
        ...table.messages,
        ...table.once,
        ...table.principals,
        ...table.awsPrincipals,
        ...table.idempotency,
        ...table.usage,
        ...table.denials,
        ...revoke.env,
        ...slack,
        STEP_UP_PREFIX,
      },
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
    'front-door': {
      statements: [
        onTokens(tables.callbacks, 'PutItem'),
        onAllButTokens(tables.callbacks, 'GetItem'),
        onAllButTokens(tables.approvals, 'Query'),
        onItems(tables.requests, 'GetItem', 'PutItem', 'UpdateItem'),
        onIndex(tables.requests, 'byPrincipal'),
        onItems(tables.principals, 'GetItem'),
        onItems(tables.awsPrincipals, 'GetItem'),
        onItems(tables.policies, 'GetItem'),
        onItems(tables.idempotency, 'GetItem', 'PutItem'),
        onItems(tables.denials, 'GetItem'),
        onItems(tables.usage, 'GetItem', 'PutItem'),
        data,
        allow(['states:StartExecution'], machine),
        allow(['states:StopExecution'], executions),
        wake,
        ...revoke.statements,
      ],
      env: {
        ...table.requests,
        ...table.principals,
        ...table.awsPrincipals,
        ...table.policies,
        ...table.idempotency,
        ...table.denials,
        ...table.usage,
        ...revoke.env,
        ...table.callbacks,
        ...table.approvals,
        SUBJECT_ISSUERS: settings.subjectIssuers ? JSON.stringify(settings.subjectIssuers) : '',
        CALLBACKS_ALLOWED: String(callerMachines.length > 0),
        FEDERATION_ENDPOINT: 'https://signin.aws.amazon.com/federation',
        REQUIRE_RECIPIENT_KEY: String(settings.requireRecipientKey),
      },
    },
    'list-catalog': {
      statements: [onItems(tables.principals, 'GetItem'), onItems(tables.awsPrincipals, 'GetItem'), data],
      env: { ...config, ...table.principals, ...table.awsPrincipals },
    },
  };
}
