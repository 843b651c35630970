import type { VersionsTable } from '../shared/adapters/versions-table.ts';
import type { Change } from '../shared/domain/access-request.ts';
import type { AuditEntry, AuditRecord } from '../shared/domain/audit-record.ts';
import { canonicalJson, digestOf } from '../shared/domain/digest.ts';
import type { Policy, Principal } from '../shared/domain/principal.ts';
import type { WorkflowState } from '../shared/domain/workflow-state.ts';

export type KeepPorts = {
  versions: Pick<VersionsTable, 'keep'>;
  audit: { append(entry: AuditEntry): Promise<AuditRecord> };
};

/** What a change is about, as it stands in its table. */
export type Subject = Policy | Principal;

const textOf = (subject: Subject): string => ('text' in subject ? subject.text : canonicalJson(subject));

/**
 * Keeps what was applied and, where no change has made it, what was there before; and records the change in the
 * chain of whom it is about. Run twice, it keeps and records once.
 */
export async function keepVersions(
  { request, verdict, loaded }: WorkflowState,
  { kind, target, baseVersion, proposalDigest }: Change,
  { before, after }: { before: Subject | undefined; after: Subject },
  { versions, audit }: KeepPorts,
): Promise<void> {
  const { requestId, principalId: requestedBy, reason } = request;
  const approvers = verdict?.approvers ?? [];
  const { at } = await audit.append({
    chain: target,
    requestId,
    event: kind === 'policy' ? 'policy_changed' : 'principal_changed',
    facts: {
      kind,
      target,
      version: after.version,
      baseVersion,
      proposalDigest,
      digest: digestOf(textOf(after)),
      requestedBy,
      approvers,
      ...(loaded && { digests: loaded.digests }),
    },
  });
  const kept = (subject: Subject) => {
    const text = textOf(subject);
    return { kind, target, version: subject.version, text, digest: digestOf(text) };
  };
  if (before && before.version === baseVersion) await versions.keep(kept(before));
  await versions.keep({
    ...kept(after),
    change: { requestId, requestedBy, reason, approvers, appliedAt: at },
  });
}
