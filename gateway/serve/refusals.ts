import type { CallDecision } from '../authorize/decide-call.ts';
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
export function refusalOfDecision(decision: Exclude<CallDecision, { outcome: 'permit' }>): CallRefused {
  if (decision.outcome === 'forbid') return notAllowed(decision.because);
  return notAllowed(`needs ${decision.approvals} approvals, ${decision.stepUpApprovals} with a code`);
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
      return new CallRefused(
        403,
        undefined,
        'The gateway session was opened without a reason, and asks for nothing. Open one with --reason.',
        'no reason to ask by',
      );
    case 'unavailable':
      return unavailable(outcome.because);
    case 'too-many':
      return notAllowed('too many asks of this principal within the hour');
    default:
      return notAllowed(outcome.requestId === undefined ? 'denied' : `denied: ${outcome.requestId}`);
  }
}
