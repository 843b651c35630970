import type { App } from '@slack/bolt';
import { approverGroupsOf } from '../../lambdas/shared/domain/approvals/approvals-config.ts';
import type { RequestRow } from '../../lambdas/shared/domain/request-row.ts';
import {
  mayRevokeOthers,
  type RevocationRefusal,
} from '../../lambdas/shared/domain/revocation/may-revoke.ts';
import { type ContentPorts, readContent } from '../../lambdas/shared/messages/draw-message.ts';
import { type Target, writeTarget } from '../../lambdas/shared/messages/message-target.ts';
import { type RevokingPorts, startRevocation } from '../../lambdas/shared/requests/start-revocation.ts';
import { findVoter, type Presser, type VoterPorts } from '../find-voter.ts';
import { revokeModal } from '../views/approval-modals.ts';
import { REVOCATION_STARTED, revocationAnswer } from '../views/revocation-answer.ts';
import { type HearingPorts, hearPress, hearSubmission } from './hear.ts';
import type { OpenModal } from './open-modal.ts';

export type EndingPorts = HearingPorts &
  ContentPorts &
  VoterPorts &
  OpenModal & {
    /** What ends a session. */
    readonly revoking: RevokingPorts;
  };

/** Who may end this session, or why it cannot be looked at further. */
type Screening =
  | { readonly kind: 'may_revoke'; readonly row: RequestRow; readonly principalId: string }
  | { readonly kind: 'unknown_request' | 'unknown_user' | 'not_an_approver' };

/** Whoever it was issued to, an admin, or an approver of any tier: as the API has it, and the tier's user group. */
async function screenRevoker(
  { requestId, tier: tierName }: Target,
  presser: Presser,
  ports: EndingPorts,
): Promise<Screening> {
  const row = await ports.requests.get(requestId);
  const { tiers } = ports.wording();
  const tier = tiers.find(({ name }) => name === tierName);
  if (!row || !tier) return { kind: 'unknown_request' };
  const voter = await findVoter(presser, tier, ports);
  if (voter?.principal.status !== 'active') return { kind: 'unknown_user' };
  const { principal, slackUserGroup } = voter;
  const groups = approverGroupsOf(tiers);
  const may =
    principal.id === row.principalId || slackUserGroup !== undefined || mayRevokeOthers(principal, groups);
  return may ? { kind: 'may_revoke', row, principalId: principal.id } : { kind: 'not_an_approver' };
}

/** Revoke…: asks why, and ends the session. The message says so once it is denied. */
export function listenToRevoke(app: App, ports: EndingPorts): void {
  hearPress(app, 'revoke', ports, async ({ presser, target, triggerId }) => {
    const screened = await screenRevoker(target, presser, ports);
    if (screened.kind !== 'may_revoke') return refuse(screened.kind, target, presser, ports);
    const content = await readContent({ requestIds: [target.requestId], tier: target.tier }, ports);
    if (!content) return revocationAnswer('unknown_request');
    await ports.slack.openModal(triggerId, revokeModal(content, writeTarget(target)));
    return undefined;
  });
  hearSubmission(app, 'revoke_session', ports, async ({ presser, target, values }) => {
    const screened = await screenRevoker(target, presser, ports);
    if (screened.kind !== 'may_revoke') return { say: refuse(screened.kind, target, presser, ports) };
    const because = values.reason?.value.value?.trim();
    if (!because) return { errors: { reason: 'Say why: it is recorded, and its requester is shown it.' } };
    const { row, principalId } = screened;
    const refusal: RevocationRefusal = await startRevocation(
      row,
      { by: principalId, because },
      ports.revoking,
    );
    ports.log(refusal ? 'revocation refused' : 'revocation started', { ...target, principalId, refusal });
    return { say: refusal ? revocationAnswer(refusal) : REVOCATION_STARTED };
  });
}

function refuse(
  because: Exclude<Screening['kind'], 'may_revoke'>,
  target: Target,
  { userId }: Presser,
  ports: EndingPorts,
): string {
  ports.log('revocation refused', { ...target, userId, because });
  return revocationAnswer(because);
}
