import yoctoSpinner from 'yocto-spinner';
import type { RequestView } from '../../lambdas/front-door/request-views.ts';
import type { CliContext } from './cli-context.ts';

const wordsFor = ({ status, approval, requestId }: RequestView): string => {
  if (status === 'AWAITING_APPROVAL') {
    const until = approval ? ` until ${approval.deadline.slice(11, 16)} UTC` : '';
    return `${requestId}: ${approval?.tier ?? 'somebody'} is asked${until} …`;
  }
  return status === 'PENDING' ? `${requestId}: being reviewed …` : `${requestId}: ${status}`;
};

/** Shows how far a request is while it is waited for; nothing where nobody watches. */
export async function withProgress<T>(
  { isWatched }: Pick<CliContext, 'isWatched'>,
  run: (onProgress: (request: RequestView) => void) => Promise<T>,
): Promise<T> {
  if (!isWatched) return run(() => {});
  const spinner = yoctoSpinner({ text: 'Asking …', stream: process.stderr }).start();
  try {
    return await run((request) => {
      spinner.text = wordsFor(request);
    });
  } finally {
    spinner.stop();
  }
}
