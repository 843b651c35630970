import type { z } from 'zod';
import { requestStatusSchema } from '../domain/access-request.ts';
import type { Delegation } from '../domain/identity/delegation.ts';
import { jobOf } from '../domain/jobs/job.ts';
import { jobNamedBy } from '../domain/jobs/job-named-by.ts';
import type { RequestRow } from '../domain/request-row.ts';
import type { RowTransition } from '../domain/row-transition.ts';
import type { Call } from '../http/operation.ts';
import { Problem } from '../http/problems.ts';
import type { newRequestSchema } from './new-request.ts';
import { type OpeningPorts, openRequest, type Wanted } from './open-request.ts';
import { type SubjectTokens, subjectOfCall } from './verify-subject.ts';

/** Characters in which a gateway says what a call needs. */
const MOST_NEED = 400;

export type AskingPorts = OpeningPorts & {
  readonly requests: { transition(requestId: string, transition: RowTransition): Promise<boolean> };
  readonly subjectTokens: SubjectTokens;
  /** Task tokens go in; nothing takes them out again here. */
  readonly callbacks: {
    putToken(requestId: string, token: { taskToken: string; ttl: number }): Promise<void>;
  };
  /** `callbacksAllowed`: some state machine is on the list of those that may be called back. */
  readonly settings: { readonly callbacksAllowed: boolean };
};

/**
 * Opens a request for access: verifies on whose behalf, and refuses what is not allow-listed. `claimWith` is the key that
 * its caller claims with already.
 */
export async function askForAccess(
  body: z.output<typeof newRequestSchema>,
  dryRun: boolean,
  call: Pick<Call, 'caller' | 'idempotencyKey' | 'actsFor' | 'delegation'>,
  ports: AskingPorts,
  claimWith?: Wanted['claimWith'],
): Promise<RequestRow> {
  const { durationSeconds, references, subjectToken, callback } = body;
  const { delegation } = call;
  checkDelivery(call, claimWith?.thumbprint);
  if (delegation) return askByDelegation(body, dryRun, { ...call, delegation }, ports, claimWith);
  if (callback) checkCallback(dryRun, ports);
  const why = whyOf(body, call);
  const subject = await subjectOfCall(call, subjectToken, ports.subjectTokens);
  const claim = dryRun ? undefined : claimWith;
  const wanted = { ...why, dryRun, durationSeconds, references, subject, claimWith: claim };
  if (!callback) return openRequest(wanted, call, ports);
  const { taskToken } = callback;
  const row = await openRequest({ ...wanted, hasCallback: true }, call, ports, ({ requestId, ttl }) =>
    ports.callbacks.putToken(requestId, { taskToken, ttl }),
  );
  // A repeat, by a task that was retried and has a new token: the row's change calls for its delivery.
  if (row.status !== 'PENDING') {
    await ports.requests.transition(row.requestId, {
      from: requestStatusSchema.options,
      set: { hasCallback: true },
    });
  }
  return row;
}

/** Why it is asked: in the caller's words, or in those of the job that it names. */
function whyOf(
  { reason, job }: { reason?: string | undefined; job?: string | undefined },
  { caller }: Pick<Call, 'caller'>,
): Pick<Wanted, 'reason' | 'job'> {
  if (job === undefined) {
    if (reason === undefined) throw new Problem('invalid_request', 'reason: say why, or name a job.');
    return { reason };
  }
  const fixed = jobOf(caller, job);
  if (fixed) return { reason: reason ?? fixed.purpose, job };
  const names = Object.keys(caller.jobs ?? {});
  const detail =
    names.length > 0
      ? `Ask by a job that is yours: ${names.join(', ')}.`
      : 'No job is fixed for you: give a reason.';
  throw new Problem('job_not_found', detail);
}

/** A key that is brought along is the gateway's own where a gateway asks, and for one whose sessions go there alone. */
function checkDelivery(
  { caller, delegation }: Pick<Call, 'caller' | 'delegation'>,
  thumbprint: string | undefined,
): void {
  if (thumbprint === undefined || thumbprint === delegation?.keyThumbprint) return;
  if (!delegation && caller.delivery !== 'gateway') return;
  throw new Problem('gateway_required', 'This session goes to a gateway, and is sealed to its key.');
}

/**
 * Opens a request that a gateway asks for: for the delegation's subject and with its reason, whatever the gateway says
 * besides; its own words tell what the call at hand needs.
 */
function askByDelegation(
  {
    reason: need = '',
    job,
    durationSeconds,
    references,
    subjectToken,
    callback,
  }: z.output<typeof newRequestSchema>,
  dryRun: boolean,
  { delegation, ...call }: Pick<Call, 'caller' | 'idempotencyKey'> & { readonly delegation: Delegation },
  ports: AskingPorts,
  claimWith: Wanted['claimWith'],
): Promise<RequestRow> {
  const fixed = subjectToken ?? callback ?? job ?? references;
  if (fixed !== undefined || need === '' || need.length > MOST_NEED) {
    throw new Problem(
      'invalid_request',
      `By a delegation send a reason of at most ${MOST_NEED} characters alone.`,
    );
  }
  const { reason, references: named, subject, sessionId, keyThumbprint } = delegation;
  if (reason === undefined) {
    throw new Problem(
      'delegation_refused',
      'The session was opened without a reason: open one with --reason.',
    );
  }
  const fixedJob = jobNamedBy(reason, call.caller)?.name;
  const why = whyOf(fixedJob === undefined ? { reason } : { job: fixedJob }, call);
  const wanted = {
    ...why,
    reason: `${why.reason}\n\n${need}`,
    dryRun,
    durationSeconds,
    references: named,
    subject,
    claimWith: dryRun ? undefined : claimWith,
  };
  return openRequest({ ...wanted, gateway: { sessionId, keyThumbprint } }, call, ports);
}

/** Whose the token is, only Step Functions knows: IAM decides that once it is used. */
function checkCallback(dryRun: boolean, { settings }: Pick<AskingPorts, 'settings'>): void {
  if (settings.callbacksAllowed && !dryRun) return;
  const detail = settings.callbacksAllowed
    ? 'callback: a dry run is answered at once, and calls nobody back.'
    : 'callback: no state machine is allow-listed; poll the request instead.';
  const errors = [{ field: 'callback', message: 'is not allowed' }];
  throw new Problem('callback_not_allowed', detail, { errors });
}
