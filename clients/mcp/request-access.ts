import type { RequestView } from '../../lambdas/front-door/request-views.ts';
import { PosternError } from '../sdk/postern-error.ts';
import { jobKeyOf, makeMemoryHandles } from '../sdk/request-handles.ts';
import { isTakenUp, takeUpOrAsk } from '../sdk/take-up-request.ts';
import { tokenOf, waitForDecision } from '../sdk/wait-for-access.ts';
import type { McpPorts } from './mcp-ports.ts';
import { type Extra, tellProgress, wantsProgress } from './tell-progress.ts';

/** Seconds that a client which hears nothing meanwhile is kept waiting. They give a call a minute, some of them less. */
const SILENT_SECONDS = 15;

type Input = {
  reason?: string | undefined;
  job?: string | undefined;
  references?: string[] | undefined;
  durationSeconds?: number | undefined;
  waitSeconds: number;
};

/** The pause between two looks at a request that people decide; an end of the call ends it too. */
const pauseOf =
  (lookEvery: number) =>
  (milliseconds: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, Math.min(milliseconds, lookEvery));
      signal?.addEventListener(
        'abort',
        () => {
          clearTimeout(timer);
          reject(signal.reason);
        },
        { once: true },
      );
    });

/**
 * Asks for one client, and waits a while for the decision; answers the request as it then is. A call of the same
 * reason, references and duration goes on with what this client asked before, unless that was used or is over.
 */
export function makeRequestAccess({ broker, subjectToken, lookEvery, tellEvery, now }: McpPorts) {
  const handles = makeMemoryHandles();

  return async ({ waitSeconds, ...wanted }: Input, extra: Extra): Promise<RequestView> => {
    const { signal } = extra;
    const pause = pauseOf(lookEvery);
    // One server has one broker and one caller.
    const job = jobKeyOf({ endpoint: '', caller: '', ...wanted, subjectToken: await tokenOf(subjectToken) });
    const { request, held } = await takeUpOrAsk(
      { ...wanted, subjectToken },
      { broker, handles, job, pause, signal },
    );
    const progress = tellProgress(extra, tellEvery);
    let latest = request;
    try {
      latest = await waitForDecision(request, broker, {
        subjectToken,
        timeout: Math.min(waitSeconds, wantsProgress(extra) ? waitSeconds : SILENT_SECONDS) * 1000,
        signal,
        now,
        pause,
        onProgress(seen) {
          latest = seen;
          progress.see(seen);
        },
      });
    } catch (error) {
      if (!(error instanceof PosternError && error.code === 'wait_timed_out')) throw error;
    } finally {
      progress.stop();
      // A denial was heard by now; what is open or unclaimed is gone on with.
      await (isTakenUp(latest) && latest.status !== 'DENIED' ? held.letGo() : held.forget());
    }
    return latest;
  };
}
