import type { AuditEvent, AuditRecord } from '../../lambdas/shared/domain/audit/audit-record.ts';

const VERSION = '1.5.0';
const IAM_CATEGORY = 3;
/** User Access Management: what concerns somebody's access. */
const USER_ACCESS = 3005;
/** Entity Management: what concerns policies, principals and configuration. */
const ENTITY = 3004;
const ENTITY_UPDATE = 3;
const OTHER_ACTIVITY = 99;

/** Events that are an activity of the class; every other one is told by name, as "Other". */
const ACCESS_ACTIVITIES: Partial<Record<AuditEvent, { id: number; name: string }>> = {
  issued: { id: 1, name: 'Assign Privileges' },
  revoked: { id: 2, name: 'Revoke Privileges' },
};
const ENTITY_EVENTS: readonly AuditEvent[] = [
  'applied',
  'policy_changed',
  'principal_changed',
  'template_changed',
  'person_joined',
  'person_moved',
  'person_left',
  'config_changed',
  'restored',
];

/** Informational, but for what somebody should look at. */
const SEVERITIES: Partial<Record<AuditEvent, number>> = { denied: 2, revoked: 3, failed: 3, restored: 3 };
const SUCCESS = 1;
const FAILURE = 2;
const FAILURES: readonly AuditEvent[] = ['denied', 'failed', 'expired'];

type Facts = {
  verdict?: { entitlement?: { grants?: { resource: string; actions: string[] }[] } };
  request?: { change?: { kind?: string; target?: string } };
  kind?: string;
};

/**
 * A record as an event of the Open Cybersecurity Schema Framework, for SIEMs. What the class has no place for is
 * in `unmapped`.
 * @see https://schema.ocsf.io/1.5.0/classes/user_access
 * @see https://schema.ocsf.io/1.5.0/classes/entity_management
 */
export function ocsfEventOf(record: AuditRecord): Record<string, unknown> {
  const { event, chain, at: recordedAt, hash, eventId, requestId, seq, facts } = record;
  const isEntity = ENTITY_EVENTS.includes(event);
  const activity = isEntity
    ? { id: ENTITY_UPDATE, name: 'Update' }
    : (ACCESS_ACTIVITIES[event] ?? { id: OTHER_ACTIVITY, name: event });
  const class_uid = isEntity ? ENTITY : USER_ACCESS;
  const { verdict, request, kind } = facts as Facts;
  const grants = verdict?.entitlement?.grants ?? [];
  return {
    activity_id: activity.id,
    activity_name: activity.name,
    category_uid: IAM_CATEGORY,
    class_uid,
    type_uid: class_uid * 100 + activity.id,
    severity_id: SEVERITIES[event] ?? 1,
    status_id: FAILURES.includes(event) ? FAILURE : SUCCESS,
    time: Date.parse(recordedAt),
    message: `${event} ${requestId}`,
    metadata: {
      version: VERSION,
      uid: hash,
      event_code: event,
      correlation_uid: requestId,
      sequence: seq,
      product: { name: 'Postern', vendor_name: 'Postern' },
    },
    ...(isEntity
      ? {
          entity: {
            name: request?.change?.target ?? chain,
            type: request?.change?.kind ?? kind ?? 'configuration',
          },
        }
      : {
          user: { uid: chain, name: chain },
          privileges: grants.flatMap(({ actions }) => actions),
          resources: grants.map(({ resource }) => ({ name: resource })),
        }),
    unmapped: { eventId, facts },
  };
}
