import type { RequestView } from '../../lambdas/front-door/request-views.ts';
import { visibleText } from '../../lambdas/shared/domain/text/show-hostile-text.ts';

const shortly = (at: string): string => `${at.slice(11, 16)} UTC`;

/** `GetItem, Query on bank_balances; …, for 900 s`. */
function opensOf({ decision }: RequestView): string | undefined {
  const { entitlement } = decision ?? {};
  if (!entitlement) return undefined;
  const grants = entitlement.grants.map(({ resource, actions }) => `${actions.join(', ')} on ${resource}`);
  return `${grants.join('; ')}, for ${entitlement.durationSeconds} s`;
}

/** What to do next with a request that is as it is. */
function nextOf({ requestId, status, claimBy, approval }: RequestView): string | undefined {
  switch (status) {
    case 'READY':
      return `postern claim ${requestId}${claimBy ? `   (by ${shortly(claimBy)})` : ''}`;
    case 'AWAITING_APPROVAL':
      return `${approval?.tier ?? 'somebody'} is asked${approval ? ` until ${shortly(approval.deadline)}` : ''}; look again with: postern status ${requestId}`;
    case 'PENDING':
      return `postern status ${requestId}`;
    default:
      return undefined;
  }
}

/** A request in a few lines. */
export function describeRequest(request: RequestView): string {
  const { requestId, status, reason, decision, dryRun, deniedBy, closedBecause, session, callback } = request;
  const opens = opensOf(request);
  const next = nextOf(request);
  const reasons = (decision?.reasons ?? []).map(({ code, detail }) => `  ${code}: ${visibleText(detail)}`);
  return [
    `${requestId}  ${dryRun ? `dry run: ${decision?.outcome ?? status}` : status}`,
    `  asked   ${visibleText(reason)}`,
    ...(opens ? [`  opens   ${opens}`] : []),
    ...reasons,
    ...(deniedBy ?? []).flatMap(({ by, because }) =>
      because ? [`  ${by} says: ${visibleText(because)}`] : [],
    ),
    ...(closedBecause && reasons.length === 0 ? [`  ended   ${closedBecause}`] : []),
    ...(session ? [`  session ${session.assumedRoleArn}, until ${session.expiration}`] : []),
    ...(callback ? [`  calls   its workflow back: ${callback.status}`] : []),
    ...(next ? [`  next    ${next}`] : []),
  ].join('\n');
}

/** One line a request, newest first. */
export const listLine = ({ requestId, status, createdAt, reason }: RequestView): string =>
  `${requestId}  ${status.padEnd(17)}  ${createdAt.slice(0, 16)}Z  ${visibleText(reason).slice(0, 60)}`;
