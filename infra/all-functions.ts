import type { FunctionSpec } from './constructs/functions/function-spec.ts';
import { accessReviews } from './functions/access-reviews.ts';
import { applyChange } from './functions/apply-change.ts';
import { assumeRole } from './functions/assume-role.ts';
import { awaitClaim } from './functions/await-claim.ts';
import { castVote } from './functions/cast-vote.ts';
import { consoleFunction } from './functions/console.ts';
import { CHAT_ENTRIES } from './functions/demo-chat.ts';
import { archiveAudit } from './functions/events/archive-audit.ts';
import { checkSession } from './functions/events/check-session.ts';
import { closeRequest } from './functions/events/close-request.ts';
import { deliverCallback } from './functions/events/deliver-callback.ts';
import { deliverWebhook } from './functions/events/deliver-webhook.ts';
import { publishEvents } from './functions/events/publish-events.ts';
import { rejoinArchive } from './functions/events/rejoin-archive.ts';
import { runAccessReviews } from './functions/events/run-access-reviews.ts';
import { signHeads } from './functions/events/sign-heads.ts';
import { syncPeople } from './functions/events/sync-people.ts';
import { tellSuspension } from './functions/events/tell-suspension.ts';
import { updateMessages } from './functions/events/update-messages.ts';
import { frontDoor } from './functions/front-door.ts';
import { liftRevocation } from './functions/lift-revocation.ts';
import { listCatalog } from './functions/list-catalog.ts';
import { loadPolicy } from './functions/load-policy.ts';
import { readRecords } from './functions/read-records.ts';
import { requestApproval } from './functions/request-approval.ts';
import { reviewRequest } from './functions/review-request.ts';
import { revokeSession } from './functions/revoke-session.ts';
import { scim } from './functions/scim.ts';
import { slackApp } from './functions/slack-app.ts';
import { takeFact } from './functions/take-fact.ts';
import { tallyVotes } from './functions/tally-votes.ts';
import { tokenDoor } from './functions/token-door.ts';
import { validateDecision } from './functions/validate-decision.ts';
import { writeLog } from './functions/write-log.ts';

/** Every function, by its folder's name. */
export const FUNCTIONS = {
  'load-policy': loadPolicy,
  'review-request': reviewRequest,
  'validate-decision': validateDecision,
  'request-approval': requestApproval,
  'tally-votes': tallyVotes,
  'await-claim': awaitClaim,
  'assume-role': assumeRole,
  'apply-change': applyChange,
  'write-log': writeLog,
  'revoke-session': revokeSession,
  'lift-revocation': liftRevocation,
  'check-session': checkSession,
  'close-request': closeRequest,
  'sign-heads': signHeads,
  'archive-audit': archiveAudit,
  'rejoin-archive': rejoinArchive,
  'tell-suspension': tellSuspension,
  'update-messages': updateMessages,
  'slack-app': slackApp,
  'deliver-callback': deliverCallback,
  'publish-events': publishEvents,
  'deliver-webhook': deliverWebhook,
  'front-door': frontDoor,
  'token-door': tokenDoor,
  'list-catalog': listCatalog,
  'cast-vote': castVote,
  'read-records': readRecords,
  'access-reviews': accessReviews,
  scim,
  'sync-people': syncPeople,
  'take-fact': takeFact,
  'run-access-reviews': runAccessReviews,
} as const satisfies Record<string, FunctionSpec>;

/** A function's name: its folder's, and with `postern-` before it, its name on AWS. */
export type FunctionName = keyof typeof FUNCTIONS;

export const functionNames = Object.keys(FUNCTIONS) as FunctionName[];

/** What is bundled: every function, and those of the console and of the demo's chat, which are there where the settings ask. */
export const BUNDLED = { ...FUNCTIONS, ...CHAT_ENTRIES, console: consoleFunction } as const satisfies Record<
  string,
  Pick<FunctionSpec, 'entry'>
>;
export type BundledName = keyof typeof BUNDLED;
export const bundledNames = Object.keys(BUNDLED) as BundledName[];
