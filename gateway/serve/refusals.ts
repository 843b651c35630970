import type { CallDecision } from '../authorize/decide-call.ts';
import type { HoldOutcome } from '../hold/hold-call.ts';
import type { Outcome } from '../obtain/obtain-session.ts';

/** A call that is not forwarded: what its client is told, and what the record says. */
export class CallRefused extends Error {
  override name = 'CallRefused';
  readonly status: number;
  /** Undefined: the one for what is not allowed, in the service's own words. */
  readonly code: string | undefined;
  /** For the record, and for nobody who calls. */
  readonly because: string;

  constructor(status: number, code: string | undefined, message: string, because: string) {
    super(message);
    this.status = status;
    this.code = code;
    this.because = because;
  }
}

/** All that is not allowed reads alike: calls are no way to find out what the rules are. */
export const notAllowed = (because: string): CallRefused =>
  new CallRefused(
    403,
    undefined,
    'Postern’s gateway does not allow this call. Its record says why.',
    because,
  );

export const sessionEnded = (): CallRefused =>
  new CallRefused(
    403,
    'ExpiredTokenException',
    'The gateway session has ended. Open a new one: postern gateway open --reason "…".',
    'the gateway session has ended',
  );

export const unavailable = (because: string): CallRefused =>
  new CallRefused(503, 'ServiceUnavailable', 'Postern’s gateway cannot make this call just now.', because);

/** Of a decision that does not let a call through. */
export const refusalOfDecision = ({ because }: Extract<CallDecision, { outcome: 'forbid' }>): CallRefused =>
  notAllowed(because);

/** Of a call that people would have to approve, and that cannot be shown to them as it is. */
export const notHeld = (because: string): CallRefused =>
  new CallRefused(
    403,
    undefined,
    `People decide about this call, and cannot be shown it as it was sent: ${because}.`,
    `cannot be approved: ${because}`,
  );

/** Of an approval that another call, the very same, used before. */
export const approvalUsed = (requestId: string): CallRefused =>
  new CallRefused(
    403,
    undefined,
    `The approval of this call (request ${requestId}) works once, and was used, is over, or was given by somebody who may give it no more. Repeat the call to ask again.`,
    `the approval ${requestId} was used, is over, or holds no more`,
  );

const noReason = () =>
  new CallRefused(
    403,
    undefined,
    'The gateway session was opened without a reason, and asks for nothing. Open one with --reason.',
    'no reason to ask by',
  );

/** Of a call that people have not let through. */
export function refusalOfHold(outcome: Exclude<HoldOutcome, { outcome: 'allowed' }>): CallRefused {
  switch (outcome.outcome) {
    case 'waiting':
      return new CallRefused(
        403,
        undefined,
        `People are asked whether this call may be made (request ${outcome.requestId}). Repeat it, unchanged: once it is approved it works, once, within 15 minutes.`,
        `waits for approval of ${outcome.requestId}`,
      );
    case 'gone':
      return notAllowed(`its client has gone, while ${outcome.requestId} waits for approval`);
    case 'ended':
      return sessionEnded();
    case 'no-reason':
      return noReason();
    case 'unavailable':
      return unavailable(outcome.because);
    case 'too-many':
      return notAllowed('too many asks of this principal within the hour');
    default:
      return notAllowed(outcome.requestId === undefined ? 'denied' : `denied: ${outcome.requestId}`);
  }
}

/** Of asking that did not end with a session. */
export function refusalOfOutcome(outcome: Exclude<Outcome, { outcome: 'obtained' }>): CallRefused {
  switch (outcome.outcome) {
    case 'waiting':
      return new CallRefused(
        403,
        undefined,
        `People are asked about the access that this call needs (request ${outcome.requestId}). Repeat the call in a while.`,
        `waits for approval of ${outcome.requestId}`,
      );
    case 'ended':
      return sessionEnded();
    case 'no-reason':
      return noReason();
    case 'unavailable':
      return unavailable(outcome.because);
    case 'too-many':
      return notAllowed('too many asks of this principal within the hour');
    default:
      return notAllowed(outcome.requestId === undefined ? 'denied' : `denied: ${outcome.requestId}`);
  }
}
