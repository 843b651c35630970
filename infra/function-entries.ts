/** Every function, and where its handler is from the root of the repository. */
export const FUNCTION_ENTRIES = {
  'load-policy': 'lambdas/load-policy/handler.ts',
  'review-request': 'lambdas/review-request/handler.ts',
  'validate-decision': 'lambdas/validate-decision/handler.ts',
  'request-approval': 'lambdas/request-approval/handler.ts',
  'tally-votes': 'lambdas/tally-votes/handler.ts',
  'await-claim': 'lambdas/await-claim/handler.ts',
  'assume-role': 'lambdas/assume-role/handler.ts',
  'apply-change': 'lambdas/apply-change/handler.ts',
  'write-log': 'lambdas/write-log/handler.ts',
  'revoke-session': 'lambdas/revoke-session/handler.ts',
  'lift-revocation': 'lambdas/lift-revocation/handler.ts',
  'check-session': 'lambdas/events/check-session/handler.ts',
  'close-request': 'lambdas/events/close-request/handler.ts',
  'sign-heads': 'lambdas/events/sign-heads/handler.ts',
  'archive-audit': 'lambdas/events/archive-audit/handler.ts',
  'tell-suspension': 'lambdas/events/tell-suspension/handler.ts',
  'update-messages': 'lambdas/events/update-messages/handler.ts',
  'slack-app': 'slack-app/handler.ts',
  'deliver-callback': 'lambdas/events/deliver-callback/handler.ts',
  'front-door': 'lambdas/front-door/handler.ts',
  'list-catalog': 'lambdas/list-catalog/handler.ts',
} as const;

/** A function's name: its folder's, and with `postern-` before it, its name on AWS. */
export type FunctionName = keyof typeof FUNCTION_ENTRIES;

export const functionNames = Object.keys(FUNCTION_ENTRIES) as FunctionName[];
