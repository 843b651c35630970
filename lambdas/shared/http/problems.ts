import type { ShownReason } from '../domain/text/say-reason.ts';

type ProblemKind = {
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 410 | 429 | 500 | 503;
  readonly title: string;
  /** When it is answered; the API document and docs/api.md print it. */
  readonly when: string;
};

/** Every problem the API answers. The codes are a contract: clients branch on them. */
export const PROBLEMS = {
  invalid_json: {
    status: 400,
    title: 'The body is not JSON',
    when: 'The body is not a JSON object in UTF-8.',
  },
  body_too_large: {
    status: 400,
    title: 'The body is too large',
    when: 'The body is over 16 kB (64 kB for a call, 128 kB for a change).',
  },
  invalid_request: {
    status: 400,
    title: 'The request is not as documented',
    when: 'A field, query parameter or header is unknown, missing, of the wrong type or out of range; `errors` names each.',
  },
  grant_not_selectable: {
    status: 400,
    title: 'Grants cannot be chosen by the caller',
    when: 'The body names `resource`, `actions`, `userId` or `isStaff`: a caller says who (by signature) and why, the broker chooses the grants.',
  },
  callback_not_allowed: {
    status: 400,
    title: 'The callback is not allowed',
    when: 'The body names a callback, and the broker lists no state machine that may have one; or the request is a dry run.',
  },
  recipient_key_invalid: {
    status: 400,
    title: 'The recipient key cannot be used',
    when: '`recipientKey` holds a private key, or no session can be sealed to it.',
  },
  recipient_key_required: {
    status: 400,
    title: 'A recipient key is required',
    when: 'This broker hands out sealed sessions only, and the claim brings no `recipientKey`.',
  },
  subject_token_invalid: {
    status: 401,
    title: 'The subject token is missing or invalid',
    when: 'A subject token is expired, tampered with, of a foreign issuer or audience, or absent where the request was made for a subject.',
  },
  token_refused: {
    status: 401,
    title: 'The token was refused',
    when: 'At the door for tokens: the call brings no token, one that is expired, altered, of a foreign issuer or audience, of two principals at once, or bound to a key that is not proved; or a signature as well.',
  },
  web_identity_invalid: {
    status: 401,
    title: 'The web identity token is invalid',
    when: 'A gateway was shown a token that is expired, not for gateways, of a foreign issuer, or of no one principal.',
  },
  signature_refused: {
    status: 403,
    title: 'The signature was refused',
    when: 'The call carries no AWS Signature Version 4, or one that is wrong, stale, or made with an unknown key. Mostly answered by the gateway.',
  },
  principal_unknown: {
    status: 403,
    title: 'The caller is not registered',
    when: 'The signature or the token is valid, but its IAM user, role or subject belongs to no principal.',
  },
  token_only_asks: {
    status: 403,
    title: 'This token only asks and reads',
    when: 'A token of the device flow claims, votes, or changes something: sign in with a browser on this machine.',
  },
  token_only_redirects: {
    status: 403,
    title: 'This token claims no keys',
    when: 'A token of a console claims a session otherwise than as a redirect to the AWS console, or opens a session of a gateway.',
  },
  delegation_refused: {
    status: 403,
    title: 'The delegation was refused',
    when: 'A gateway calls by a delegation that has ended, is not for it, or has no reason to ask by.',
  },
  gateway_unknown: {
    status: 400,
    title: 'There is no such gateway',
    when: 'No gateway is registered with this broker, or none with that role.',
  },
  gateway_required: {
    status: 403,
    title: 'Sessions of this principal go to a gateway only',
    when: 'A principal whose `delivery` is `gateway` claims a session itself, or a claim by a delegation is not sealed to its gateway’s key.',
  },
  gateway_session_not_found: {
    status: 404,
    title: 'There is no such session of a gateway',
    when: 'No session of this id exists for the caller.',
  },
  principal_suspended: {
    status: 403,
    title: 'The caller is suspended',
    when: 'A suspended principal claims a session. What it asks for is recorded, and denied.',
  },
  requests_suspended: {
    status: 403,
    title: 'New requests are refused for a while',
    when: 'Many requests of the caller were denied in a short time; `Retry-After` says how long new ones are refused. What was decided before stays as it is.',
  },
  auditor_required: {
    status: 403,
    title: 'Only auditors may do this',
    when: "A principal that is not an auditor lists another principal's requests, or reads its policy where no guardrail could let it change one.",
  },
  job_not_found: {
    status: 404,
    title: 'There is no such job',
    when: 'The body names a `job` that the caller does not have; `detail` names those that it has.',
  },
  policy_not_found: {
    status: 404,
    title: 'There is no such policy',
    when: 'The principal has no policy text.',
  },
  request_denied: {
    status: 403,
    title: 'The request was denied',
    when: 'A claim of a request that was denied; `reasons` says why.',
  },
  route_not_found: { status: 404, title: 'There is no such path', when: 'The path is not one of this API.' },
  request_not_found: {
    status: 404,
    title: 'There is no such request',
    when: 'No request of this id exists for the caller, or it was made for another subject.',
  },
  method_not_allowed: {
    status: 405,
    title: 'The method is not allowed here',
    when: 'The path exists, the method on it does not; `Allow` lists those that do.',
  },
  idempotency_conflict: {
    status: 409,
    title: 'The idempotency key was used for something else',
    when: 'The same `Idempotency-Key` came with another body within a day.',
  },
  change_stale: {
    status: 409,
    title: 'What is to be changed has changed',
    when: 'A part of a bundle was written against another version than the one in force; `detail` names each.',
  },
  signature_used: {
    status: 409,
    title: 'The signed call was sent before',
    when: 'A `POST /credentials` without `recipientKey` that was signed in the same second as an equal one before, or whose signature is in its URL; sign it anew, in headers.',
  },
  not_ready: {
    status: 409,
    title: 'The request is not ready',
    when: 'A claim of a request that is still being decided.',
  },
  already_claimed: {
    status: 409,
    title: 'The session was claimed already',
    when: 'A second claim. Only the `recipientKey` of the first may fetch its sealed session again, for five minutes.',
  },
  claim_in_progress: {
    status: 409,
    title: 'The session is being issued',
    when: 'A claim whose session is not issued yet; repeat it with the same `recipientKey`.',
  },
  nothing_to_claim: {
    status: 409,
    title: 'The request has no session',
    when: 'A claim of a dry run or of a change.',
  },
  not_cancellable: {
    status: 409,
    title: 'The request can no longer be cancelled',
    when: 'A cancellation of a request that is claimed or closed.',
  },
  no_session: {
    status: 409,
    title: 'The request has no session',
    when: 'A revocation of a request for which no session was issued.',
  },
  already_revoked: {
    status: 409,
    title: 'The session was revoked already',
    when: 'A second revocation; `detail` says who made the first, and when.',
  },
  would_end_every_session: {
    status: 409,
    title: 'More sessions than this one would end',
    when: 'The role’s policy has no room to deny one more session alone. With `everySession` every session of the role that was issued before is ended.',
  },
  session_ended: {
    status: 410,
    title: 'The session has ended',
    when: 'A revocation of a session that has expired.',
  },
  request_expired: {
    status: 410,
    title: 'The request has expired',
    when: 'A claim of a request that nobody claimed in time.',
  },
  request_cancelled: {
    status: 410,
    title: 'The request was cancelled',
    when: 'A claim of a request that its requester cancelled.',
  },
  vote_refused: {
    status: 403,
    title: 'The vote does not count',
    when: 'Whoever asks, owns the agent that asks, is who it is asked for, or whom the change is about, votes.',
  },
  code_refused: {
    status: 403,
    title: 'The code was refused',
    when: 'The code of a vote is wrong or was used, its approver has no authenticator, or too many were wrong; `detail` says which.',
  },
  passkey_refused: {
    status: 403,
    title: 'The passkey was refused',
    when: 'The assertion of a vote does not prove that very vote by a passkey of its voter, at the console, the person verified; or its challenge was answered before, or is older than five minutes.',
  },
  no_passkey: {
    status: 409,
    title: 'There is no passkey to vote with',
    when: 'A challenge is asked for by somebody who has no passkey, or of a broker for whose console none is configured.',
  },
  passkey_not_found: {
    status: 404,
    title: 'There is no such passkey',
    when: 'A passkey is given up that its caller does not have.',
  },
  already_voted: {
    status: 409,
    title: 'This person has voted',
    when: 'A second vote of one person on one proposal, in Slack or here.',
  },
  review_refused: {
    status: 403,
    title: 'The review was refused',
    when: 'A break-glass session is reviewed by whoever asked for it or approved it, or by nobody who may.',
  },
  nothing_to_review: {
    status: 409,
    title: 'There is nothing to review',
    when: 'The request is no break-glass session, or was reviewed before.',
  },
  access_review_refused: {
    status: 403,
    title: 'Access is reviewed by others',
    when: 'Access reviews are read or decided by nobody who may, or somebody decides on their own access or on that of an agent they own; `detail` says which.',
  },
  access_review_not_found: {
    status: 404,
    title: 'There is no such access review',
    when: 'No access review of this id exists, or the principal is not in it.',
  },
  access_review_open: {
    status: 409,
    title: 'An access review is open',
    when: 'One is opened while the last has not ended.',
  },
  item_changed: {
    status: 409,
    title: 'What is decided on has changed',
    when: 'The principal, its policy or the configuration is not what it was when the item was shown: its `digest` is another.',
  },
  item_decided: {
    status: 409,
    title: 'The item is decided',
    when: 'Another decision on an item; `detail` says whose stands.',
  },
  removal_refused: {
    status: 403,
    title: 'The removal cannot be proposed',
    when: 'The guardrails let the reviewer propose no change of a principal, or what is to be taken away is not there.',
  },
  vote_too_late: {
    status: 409,
    title: 'The vote comes too late',
    when: 'What is voted on was decided, went on to another tier, or is another proposal by now.',
  },
  limit_reached: {
    status: 429,
    title: 'A limit of the caller is reached',
    when: 'The caller has made as many requests an hour, or has as many open requests or sessions, as are allowed; `detail` says which, and what frees one. `Retry-After` says when, where that is known.',
  },
  request_failed: {
    status: 500,
    title: 'The broker could not finish the request',
    when: 'A claim of a request that ended in a malfunction; nothing was handed out.',
  },
  internal_error: {
    status: 500,
    title: 'Something went wrong in the broker',
    when: 'A defect. Nothing was handed out; quote `instance` when reporting it.',
  },
  reviewer_unavailable: {
    status: 503,
    title: 'The reviewer is unavailable',
    when: 'A claim of a request that ended because the language model did not answer; it counts against nobody.',
  },
  claim_timed_out: {
    status: 503,
    title: 'The session was not issued in time',
    when: 'A claim without `recipientKey` whose session took too long: it can no longer be opened by anybody.',
  },
  subject_keys_unavailable: {
    status: 503,
    title: "The subject token's issuer does not answer",
    when: "The issuer's keys could not be fetched, so that its token could be neither accepted nor refused.",
  },
  token_keys_unavailable: {
    status: 503,
    title: "The token's issuer does not answer",
    when: "The keys of the issuer of the caller's token could not be fetched, so that the token could be neither accepted nor refused.",
  },
  unavailable: {
    status: 503,
    title: 'The broker is unavailable',
    when: 'A table, the workflow engine or another service that the broker needs failed.',
  },
} as const satisfies Record<string, ProblemKind>;
export type ProblemCode = keyof typeof PROBLEMS;

/** Members of a problem beyond RFC 9457's own. */
type ProblemExtras = {
  readonly requestId?: string;
  /** The request's status, where the request is what stands in the way. */
  readonly requestStatus?: string;
  readonly reasons?: readonly ShownReason[];
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
  readonly retryAfterSeconds?: number;
  readonly allow?: readonly string[];
};

/** An answer that is not what was asked for. `detail` says what to do, and never repeats the input. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly extras: ProblemExtras;

  constructor(code: ProblemCode, detail: string, extras: ProblemExtras = {}) {
    super(detail);
    this.code = code;
    this.extras = extras;
  }
}
