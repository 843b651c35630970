import type { FunctionSpec } from './constructs/functions/function-spec.ts';
import { applyChange } from './functions/apply-change.ts';
import { archiveAudit } from './functions/archive-audit.ts';
import { assumeRole } from './functions/assume-role.ts';
import { awaitClaim } from './functions/await-claim.ts';
import { castVote } from './functions/cast-vote.ts';
import { checkSession } from './functions/check-session.ts';
import { closeRequest } from './functions/close-request.ts';
import { deliverCallback } from './functions/deliver-callback.ts';
import { frontDoor } from './functions/front-door.ts';
import { liftRevocation } from './functions/lift-revocation.ts';
import { listCatalog } from './functions/list-catalog.ts';
import { loadPolicy } from './functions/load-policy.ts';
import { rejoinArchive } from './functions/rejoin-archive.ts';
import { requestApproval } from './functions/request-approval.ts';
import { reviewRequest } from './functions/review-request.ts';
import { revokeSession } from './functions/revoke-session.ts';
import { signHeads } from './functions/sign-heads.ts';
import { slackApp } from './functions/slack-app.ts';
import { tallyVotes } from './functions/tally-votes.ts';
import { tellSuspension } from './functions/tell-suspension.ts';
import { tokenDoor } from './functions/token-door.ts';
import { updateMessages } from './functions/update-messages.ts';
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
  'front-door': frontDoor,
  'token-door': tokenDoor,
  'list-catalog': listCatalog,
  'cast-vote': castVote,
} as const satisfies Record<string, FunctionSpec>;

/** A function's name: its folder's, and with `postern-` before it, its name on AWS. */
export type FunctionName = keyof typeof FUNCTIONS;

export const functionNames = Object.keys(FUNCTIONS) as FunctionName[];
