import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { readConfigFiles } from '../../lambdas/shared/adapters/config/read-config.ts';
import {
  brokeredRoleArn,
  callerMachineArn,
  executionArns,
  revokeMachineArn,
  stateMachineArn,
} from './arns.ts';
import type { Resources } from './function-grants.ts';
import { allow, onItems } from './statements.ts';

/**
 * What several functions are granted, and the variables that tell them where. One thing here is one permission:
 * which function has which is said in the three files beside this one.
 */
export function commonGrants(
  scope: Construct,
  { keys, tables, secrets, queues, settings, brokeredRoles }: Resources,
) {
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
    machine,
    executions,
    brokered,
    revoke,
    wake,
    secret,
    through,
    table,
    append,
    seal,
    verifySeal,
    config,
    data,
    slack,
    pagers,
    callerMachines,
    undelivered,
    deny,
  };
}
export type CommonGrants = ReturnType<typeof commonGrants>;
