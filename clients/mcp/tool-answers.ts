import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import type { RequestView } from '../../lambdas/front-door/request-views.ts';
import { visibleText } from '../../lambdas/shared/domain/text/show-hostile-text.ts';
import { PosternError } from '../sdk/postern-error.ts';
import { CallRefused } from './run-aws-call.ts';

/** What a tool answers. */
export const said = (text: string): CallToolResult => ({ content: [{ type: 'text', text }] });
const failed = (text: string): CallToolResult => ({ ...said(text), isError: true });

/** Errors about the signature: their messages may quote the request as it was signed. */
const OF_SIGNATURES = /Signature|ClientTokenId|UnrecognizedClient|AuthenticationToken|Expired|AuthFailure/;

/** AWS's own refusal; of its words, those that are not about the signature. */
function whatAwsSaid(error: Error): string {
  const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
  if ($metadata?.httpStatusCode === undefined) return 'AWS could not be reached.';
  if (OF_SIGNATURES.test(name))
    return `AWS refused the signature: ${name}. The session may have ended, or this machine's clock be off.`;
  return `AWS refused: ${name}. ${visibleText(message)}`;
}

/** Why a tool did not do it, in words that a model can act on; never a stack, and nothing of a session. */
export function refusalOf(error: unknown): CallToolResult {
  if (error instanceof PosternError) {
    const reasons = error.reasons.map(({ code }) => code).join(', ');
    return failed(
      [
        visibleText(error.message),
        reasons && `Because: ${reasons}.`,
        error.requestId && `Request ${error.requestId}.`,
      ]
        .filter(Boolean)
        .join(' '),
    );
  }
  if (error instanceof CallRefused) return failed(error.message);
  if (error instanceof Error && '$metadata' in error) return failed(whatAwsSaid(error));
  return failed('It could not be done; the broker or AWS did not answer as expected.');
}

/** What a model is to do with a request that is as it is. */
const NEXT: Readonly<Record<RequestView['status'], string>> = {
  PENDING: 'It is being reviewed: call check_access with this requestId in a few seconds.',
  AWAITING_APPROVAL:
    'People are asked, which may take minutes: go on with something else, and call check_access with this requestId. Asking again hurries nobody.',
  READY: 'Call run_aws with this requestId, before useBy.',
  ISSUED:
    'Call run_aws with this requestId until the session ends; it works where it was first used, and nowhere else.',
  APPLIED: 'It is done.',
  ALLOWED: 'Repeat the call, unchanged, within 15 minutes: it works once.',
  DENIED: 'Tell the user why. Ask again only with a reason that is more exact.',
  EXPIRED: 'It lapsed: call request_access again if it is still needed.',
  CANCELLED: 'It was taken back: call request_access again if it is still needed.',
  FAILED: 'Something broke, and nothing was decided: call request_access again in a minute.',
};

/** A request as a model needs it: no ids of keys, no ARNs of sessions. What a reviewer said stands as it was said. */
export const pictureOf = ({
  requestId: id,
  status,
  decision,
  approval,
  claimBy,
  closedBecause,
}: RequestView) => ({
  requestId: id,
  status,
  ...(decision?.entitlement && {
    grants: decision.entitlement.grants,
    durationSeconds: decision.entitlement.durationSeconds,
  }),
  reasons: (decision?.reasons ?? []).map(({ code, detail }) => ({ code, detail })),
  ...(status === 'DENIED' && decision?.reviewSummary && { reviewSaid: visibleText(decision.reviewSummary) }),
  ...(status === 'AWAITING_APPROVAL' && approval && { asked: approval.tier, until: approval.deadline }),
  ...(claimBy && { useBy: claimBy }),
  ...(closedBecause && { closedBecause }),
  next: NEXT[status],
});
