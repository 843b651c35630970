import type { CallRecord } from '../../lambdas/shared/domain/audit/call-record.ts';

const VERSION = '1.5.0';
const APPLICATION_CATEGORY = 6;
/** API Activity. @see https://schema.ocsf.io/1.5.0/classes/api_activity */
const API_ACTIVITY = 6003;

/** Activities by what an operation's name begins with; what begins otherwise is another one. */
const ACTIVITIES: readonly (readonly [pattern: RegExp, id: number, name: string])[] = [
  [/^(?:BatchGet|Describe|Get|Head|List|Query|Receive|Scan|Search|Select|TransactGet)/, 2, 'Read'],
  [/^(?:Create|Put|Run|Upload|Send|Publish)/, 1, 'Create'],
  [/^(?:Delete|Purge|Remove|Terminate)/, 4, 'Delete'],
  [/^(?:Modify|Set|Tag|Untag|Update)/, 3, 'Update'],
];

const OTHER = [/^/, 99, 'Other'] as const;
const SUCCESS = 1;
const FAILURE = 2;

/**
 * A record of a call as an event of the Open Cybersecurity Schema Framework: what was made, and what was refused. None
 * of an intent, whose outcome follows, nor of a session's opening.
 */
export function ocsfCallOf(record: CallRecord): Record<string, unknown> | undefined {
  const { event, facts, session, seq, hash } = record;
  if (event !== 'outcome' && event !== 'refused') return undefined;
  const {
    operation = 'unknown',
    service = 'unknown',
    region,
    httpStatus,
    because,
    principalId,
    subject,
  } = facts;
  const [, id, name] = ACTIVITIES.find(([pattern]) => pattern.test(operation)) ?? OTHER;
  const isSuccess = event === 'outcome' && httpStatus !== undefined && httpStatus < 400;
  return {
    activity_id: id,
    activity_name: name,
    category_uid: APPLICATION_CATEGORY,
    class_uid: API_ACTIVITY,
    type_uid: API_ACTIVITY * 100 + id,
    severity_id: event === 'refused' ? 2 : 1,
    status_id: isSuccess ? SUCCESS : FAILURE,
    ...(httpStatus !== undefined && { status_code: String(httpStatus) }),
    ...(because !== undefined && { status_detail: because }),
    time: Date.parse(record.at),
    ...(facts.milliseconds !== undefined && { duration: Math.round(facts.milliseconds) }),
    message: `${event} ${service}:${operation}`,
    actor: {
      user: { uid: principalId, name: principalId },
      session: { uid: session, ...(subject && { issuer: subject.issuer }) },
      ...(subject && { invoked_by: subject.id }),
    },
    api: {
      operation,
      service: { name: service },
      request: { uid: facts.callId },
      ...(httpStatus !== undefined && { response: { code: httpStatus } }),
    },
    // Who calls is a session, and not a place: its client's address says nothing that is verified.
    src_endpoint: { uid: session, name: 'gateway session' },
    cloud: { provider: 'AWS', ...(region !== undefined && { region }) },
    resources: (facts.needs ?? []).map(({ action, resource }) => ({ uid: resource, type: action })),
    metadata: {
      version: VERSION,
      uid: hash,
      event_code: event,
      correlation_uid: facts.requestId ?? session,
      sequence: seq,
      profiles: ['cloud'],
      product: { name: 'Postern gateway', vendor_name: 'Postern' },
    },
    unmapped: { facts },
  };
}
