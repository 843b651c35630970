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

/** A request as a model needs it: no ids of keys, no ARNs of sessions. */
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
  ...(status === 'AWAITING_APPROVAL' && approval && { asked: approval.tier, until: approval.deadline }),
  ...(claimBy && { useBy: claimBy }),
  ...(closedBecause && { closedBecause }),
});
