import type { Construct } from 'constructs';
import { STEP_UP_PREFIX } from '../names.ts';
import { stepUpSecretArns } from './arns.ts';
import type { CommonGrants } from './common-grants.ts';
import type { FunctionGrants, Resources } from './function-grants.ts';
import { allow, onAllButTokens, onIndex, onItems, onTokens } from './statements.ts';

/** The functions that the API calls. */
export function apiGrants(
  scope: Construct,
  { tables, secrets, settings }: Resources,
  { machine, executions, revoke, wake, secret, table, config, data, slack, callerMachines }: CommonGrants,
) {
  return {
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
  } satisfies Record<string, FunctionGrants>;
}
