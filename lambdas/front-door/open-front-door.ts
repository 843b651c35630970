import { setTimeout as sleep } from 'node:timers/promises';
import { ulid } from 'ulid';
import { readConfigFiles } from '../shared/adapters/config/read-config.ts';
import { readIssuers } from '../shared/adapters/config/read-issuers.ts';
import { makeIssuerKeys } from '../shared/adapters/identity/issuer-keys.ts';
import { openSignIn } from '../shared/adapters/identity/open-sign-in.ts';
import { makeSignIn } from '../shared/adapters/identity/sign-in.ts';
import { makeSubjectTokens } from '../shared/adapters/identity/subject-tokens.ts';
import { documentClient, stepFunctionsClient } from '../shared/adapters/runtime/aws-clients.ts';
import { requiredEnv } from '../shared/adapters/runtime/environment.ts';
import { logger } from '../shared/adapters/runtime/logger.ts';
import { makeConsoleSignIn } from '../shared/adapters/sessions/console-sign-in.ts';
import { canSealTo, makeRecipientKeyPair } from '../shared/adapters/sessions/recipient-keys.ts';
import { openCredentials, thumbprintOf } from '../shared/adapters/sessions/sealed-credentials.ts';
import { makeApprovalsTable } from '../shared/adapters/tables/approvals-table.ts';
import { makeCallbacksTable } from '../shared/adapters/tables/callbacks-table.ts';
import { makeCallsTable } from '../shared/adapters/tables/calls-table.ts';
import { makeDelegationsTable } from '../shared/adapters/tables/delegations-table.ts';
import { makeDenialsTable } from '../shared/adapters/tables/denials-table.ts';
import { makeDirectoryTable } from '../shared/adapters/tables/directory-table.ts';
import { makeIdempotencyTable } from '../shared/adapters/tables/idempotency-table.ts';
import { makePoliciesTable } from '../shared/adapters/tables/policies-table.ts';
import { makePrincipalLookups } from '../shared/adapters/tables/principal-lookups-table.ts';
import { makePrincipalsTable } from '../shared/adapters/tables/principals-table.ts';
import { makeRequestsTable } from '../shared/adapters/tables/requests-table.ts';
import { makeRevocations } from '../shared/adapters/workflows/revocations.ts';
import { makeStateMachine } from '../shared/adapters/workflows/state-machine.ts';
import { approverGroupsOf } from '../shared/domain/approvals/approvals-config.ts';
import { type Gateway, gatewaysSchema } from '../shared/domain/identity/delegation.ts';
import { takenSubjects } from '../shared/domain/identity/issuers.ts';
import { callerByDelegation, callerByWebIdentity } from '../shared/http/delegated-caller.ts';
import { openAdmission } from '../shared/requests/open-admission.ts';
import { makeAim } from './aim-looks.ts';
import type { FrontDoorPorts } from './front-door.ts';

/** The gateways that the organisation runs; none where it runs none. */
function registeredGateways(): readonly Gateway[] {
  const { GATEWAYS: text } = process.env;
  return text ? gatewaysSchema.parse(JSON.parse(text)) : [];
}

/**
 * What the front door's operations work with, as a function's environment says it: behind the door for signed calls, or
 * behind the one for tokens. Neither knows callers of the other.
 */
export function openFrontDoor(door: 'signed' | 'tokens'): FrontDoorPorts {
  const client = documentClient();
  const clock = () => new Date();
  const keys = makeIssuerKeys();
  const principals = makePrincipalsTable({ client, tableName: requiredEnv('PRINCIPALS_TABLE') });
  const lookups = makePrincipalLookups({
    client,
    tableName: requiredEnv('AWS_PRINCIPALS_TABLE'),
    principals,
  });
  const requests = makeRequestsTable({ client, tableName: requiredEnv('REQUESTS_TABLE'), clock });
  const gateways = registeredGateways();
  const delegations = makeDelegationsTable({ client, tableName: requiredEnv('DELEGATIONS_TABLE') });
  const signIn = makeSignIn({ issuers: () => readIssuers(), principals: lookups, clock, keys });
  /** Gateways call with a role, and so at the door for signed calls. */
  const byGateway: Pick<FrontDoorPorts, 'byDelegation' | 'byWebIdentity'> = {
    byDelegation: (token, requestContext) =>
      callerByDelegation(token, requestContext, { gateways, delegations, principals, clock }),
    byWebIdentity: (token, requestContext) =>
      callerByWebIdentity(token, requestContext, { gateways, signIn }),
  };
  return {
    gateways,
    delegations,
    calls: makeCallsTable({ client, tableName: requiredEnv('CALLS_TABLE') }),
    ...(door === 'signed' && byGateway),
    requests,
    admit: openAdmission({ client, requests, clock }),
    principals: {
      get: principals.get,
      findByAwsArn: door === 'signed' ? lookups.findByAwsArn : async () => undefined,
    },
    ...(door === 'tokens' && { tokens: openSignIn({ client, clock, principals: lookups, keys }) }),
    issuers: () => readIssuers(),
    policies: makePoliciesTable({ client, tableName: requiredEnv('POLICIES_TABLE') }),
    directory: makeDirectoryTable({ client, tableName: requiredEnv('DIRECTORY_TABLE') }),
    idempotency: makeIdempotencyTable({ client, tableName: requiredEnv('IDEMPOTENCY_TABLE'), clock }),
    stateMachine: makeStateMachine({
      client: stepFunctionsClient(),
      stateMachineArn: requiredEnv('STATE_MACHINE_ARN'),
    }),
    callbacks: makeCallbacksTable({ client, tableName: requiredEnv('CALLBACKS_TABLE') }),
    votes: makeApprovalsTable({ client, tableName: requiredEnv('APPROVALS_TABLE') }),
    subjectTokens: makeSubjectTokens({ clock, taken: takenSubjects(readIssuers()), keys }),
    recipientKeys: { make: makeRecipientKeyPair, canSealTo, thumbprintOf, open: openCredentials },
    revocations: makeRevocations({
      client: stepFunctionsClient(),
      stateMachineArn: requiredEnv('REVOKE_MACHINE_ARN'),
      clock,
    }),
    denials: makeDenialsTable({ client, tableName: requiredEnv('DENIALS_TABLE') }),
    tiers: () => readConfigFiles().approvals.tiers,
    approverGroups: () => approverGroupsOf(readConfigFiles().approvals.tiers),
    consoleSignIn: makeConsoleSignIn({
      endpoint: process.env.FEDERATION_ENDPOINT,
      region: process.env.AWS_REGION,
    }),
    clock,
    sleep: (milliseconds) => sleep(milliseconds),
    aim: makeAim(),
    newUlid: () => ulid(),
    log: (fields) => logger.info('call', fields),
    settings: {
      requireRecipientKey: process.env.REQUIRE_RECIPIENT_KEY === 'true',
      callbacksAllowed: process.env.CALLBACKS_ALLOWED === 'true',
    },
  };
}
