import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type { ServerNotification, ServerRequest } from '@modelcontextprotocol/sdk/types.js';
import type { RequestView } from '../../lambdas/front-door/request-views.ts';
import { visibleText } from '../../lambdas/shared/domain/text/show-hostile-text.ts';

export type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

const messageOf = ({ requestId, status, approval }: RequestView): string =>
  status === 'AWAITING_APPROVAL'
    ? `${requestId}: ${visibleText(approval?.tier ?? 'somebody')} is asked, until ${approval?.deadline ?? 'later'}.`
    : `${requestId}: the request is ${status}.`;

/** Whether a client asked to be told of progress; the others give up on a call that is silent for a minute. */
export const wantsProgress = ({ _meta }: Pick<Extra, '_meta'>): boolean => _meta?.progressToken !== undefined;

/**
 * Tells a client that asked for it how far a request is: at once, at each change, and in between every `everyMs`, since
 * clients count the time from the last word.
 */
export function tellProgress(extra: Pick<Extra, '_meta' | 'sendNotification'>, everyMs: number) {
  const progressToken = extra._meta?.progressToken;
  let latest: RequestView | undefined;
  let progress = 0;

  function tell(): void {
    if (progressToken === undefined || !latest) return;
    progress += 1;
    const params = { progressToken, progress, message: messageOf(latest) };
    // A client that went away needs no telling.
    void extra.sendNotification({ method: 'notifications/progress', params }).catch(() => {});
  }

  const timer = setInterval(tell, everyMs);
  return {
    see(request: RequestView): void {
      latest = request;
      tell();
    },
    stop: () => clearInterval(timer),
  };
}
