import type { CommonGrants } from './common-grants.ts';
import type { FunctionGrants, Resources } from './function-grants.ts';
import { allow, onAllButTokens, onIndex, onItems, onTokens } from './statements.ts';

/** The functions of the workflows, each with what its state does. */
export function workflowGrants(
  { keys, tables, secrets, settings }: Resources,
  {
    executions,
    brokered,
    revoke,
    wake,
    secret,
    table,
    append,
    seal,
    verifySeal,
    config,
    data,
    slack,
    pagers,
    deny,
  }: CommonGrants,
) {
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
  } satisfies Record<string, FunctionGrants>;
}
