import { logger } from './logger.ts';

/**
 * Turns a step into a Lambda handler. The step is made at the first event, so that importing a handler makes
 * no client; each run logs its outcome, by names only.
 */
export function runStep<Answer>(
  step: string,
  make: () => (event: unknown) => Promise<Answer>,
): (event: unknown) => Promise<Answer> {
  let run: ((event: unknown) => Promise<Answer>) | undefined;
  return async (event) => {
    const startedAt = performance.now();
    const ms = () => Math.round(performance.now() - startedAt);
    try {
      run ??= make();
      const answer = await run(event);
      logger.info('step done', { step, ms: ms() });
      return answer;
    } catch (error) {
      logger.error('step failed', { step, ms: ms(), error: error instanceof Error ? error.name : 'unknown' });
      throw error;
    }
  };
}
