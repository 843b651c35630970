import yoctoSpinner from 'yocto-spinner';
import type { RequestView } from '../../lambdas/front-door/request-views.ts';
import { visibleText } from '../../lambdas/shared/domain/text/show-hostile-text.ts';
import type { CliContext } from './cli-context.ts';
import { followRequest } from './go-on.ts';
import { clockTime } from './show-time.ts';

const wordsFor = ({ status, approval, requestId }: RequestView): string => {
  const id = visibleText(requestId);
  if (status === 'AWAITING_APPROVAL') {
    const until = approval ? ` until ${clockTime(approval.deadline)}` : '';
    return `${id}: ${visibleText(approval?.tier ?? 'somebody')} is asked${until} …`;
  }
  return status === 'PENDING' ? `${id}: being reviewed …` : `${id}: ${status}`;
};

/**
 * Tells the request's id as soon as there is one, and shows how far it is while it is waited for: on a line that
 * changes where somebody watches, else in a line for each change of status until it is decided; not where JSON is asked
 * for, whose reader takes one thing alone. An interrupt is thrown as one that says how to go on.
 */
export async function withProgress<T>(
  { isWatched, err, signal }: Pick<CliContext, 'isWatched' | 'err' | 'signal'>,
  run: (onProgress: (request: RequestView) => void) => Promise<T>,
  { json }: { json?: boolean | undefined } = {},
): Promise<T> {
  const spinner = isWatched ? yoctoSpinner({ text: 'Asking …', stream: process.stderr }).start() : undefined;
  const followed = followRequest(signal);
  try {
    return await run((request) => {
      followed.see(request);
      if (spinner) spinner.text = wordsFor(request);
      else if (!json && (request.status === 'PENDING' || request.status === 'AWAITING_APPROVAL'))
        err(`postern: ${wordsFor(request)}`);
    });
  } catch (error) {
    throw followed.explain(error);
  } finally {
    spinner?.stop();
  }
}
