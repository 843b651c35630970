import type { ChangePart } from '../shared/domain/access-request.ts';
import { type AuditEntry, type AuditRecord, TEMPLATES_CHAIN } from '../shared/domain/audit/audit-record.ts';
import { canonicalJson, digestOf } from '../shared/domain/digest.ts';
import type { StoredVersion } from '../shared/domain/identity/stored-version.ts';
import type { Template } from '../shared/domain/people/template.ts';
import type { Policy, Principal } from '../shared/domain/principal.ts';
import type { WorkflowState } from '../shared/domain/workflow-state.ts';

export type KeepPorts = {
  versions: {
    /** Keeps a version; one that is kept already stays as it is. */
    keep(version: StoredVersion): Promise<void>;
  };
  audit: { append(entry: AuditEntry): Promise<AuditRecord> };
};

/** What a change is about, as it stands in its table. */
export type Subject = Policy | Principal | Template;

const EVENTS = {
  policy: 'policy_changed',
  principal: 'principal_changed',
  template: 'template_changed',
} as const satisfies Record<ChangePart['kind'], AuditEntry['event']>;

const textOf = (subject: Subject): string => ('text' in subject ? subject.text : canonicalJson(subject));

const versionOf = ({ kind, target }: ChangePart, subject: Subject) => {
  const text = textOf(subject);
  return { kind, target, version: subject.version, text, digest: digestOf(text) };
};

/**
 * Keeps what a change is based on, where no change has made it. Before anything is written over it: a run that
 * comes after one which broke off finds its own writing there.
 */
export async function keepBase(
  change: ChangePart,
  current: Subject | undefined,
  { versions }: Pick<KeepPorts, 'versions'>,
): Promise<void> {
  if (current?.version === change.baseVersion) await versions.keep(versionOf(change, current));
}

/** Keeps what was applied, and records it in the chain of whom it is about. Run twice, it does either once. */
export async function keepApplied(
  { request, verdict, loaded }: WorkflowState,
  change: ChangePart,
  applied: Subject,
  { versions, audit }: KeepPorts,
): Promise<void> {
  const { requestId, principalId: requestedBy, reason } = request;
  const { kind, target, baseVersion, proposal } = change;
  const approvers = verdict?.approvers ?? [];
  const version = versionOf(change, applied);
  const { at: appliedAt } = await audit.append({
    // A template is nobody, and may be called what somebody is.
    chain: kind === 'template' ? TEMPLATES_CHAIN : target,
    requestId,
    event: EVENTS[kind],
    // Templates share a chain: those of one bundle are told apart.
    ...(request.change?.kind === 'bundle' && { occurrence: target }),
    facts: {
      kind,
      target,
      version: applied.version,
      baseVersion,
      proposalDigest: digestOf(proposal),
      digest: version.digest,
      requestedBy,
      approvers,
      ...(loaded && { digests: loaded.digests }),
    },
  });
  await versions.keep({ ...version, change: { requestId, requestedBy, reason, approvers, appliedAt } });
}
