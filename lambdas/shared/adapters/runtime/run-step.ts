import type { Measurement } from '../../domain/measurement.ts';
import { correlationIn } from './correlation.ts';
import { logger } from './logger.ts';
import { emit } from './metrics.ts';
import { traceStep } from './tracer.ts';

/** What a step's runs tell the dashboard; nothing, for most. */
type Measured<Answer> = {
  done?(event: unknown, answer: Answer): Measurement[];
  failed?(error: unknown): Measurement[];
};

/**
 * Turns a step into a Lambda handler. The step is made at the first event, so that importing a handler makes
 * no client; each run is traced, logs its outcome by names only, and emits what `measured` makes of it.
 */
export function runStep<Answer>(
  step: string,
  make: () => (event: unknown) => Promise<Answer>,
  measured: Measured<Answer> = {},
): (event: unknown) => Promise<Answer> {
  let run: ((event: unknown) => Promise<Answer>) | undefined;
  return async (event) => {
    const startedAt = performance.now();
    const ms = () => Math.round(performance.now() - startedAt);
    const about = correlationIn(event);
    try {
      const answer = await traceStep(step, { requestId: about?.requestId }, () => {
        run ??= make();
        return run(event);
      });
      logger.info('step done', { step, ms: ms(), ...about });
      emit(measured.done?.(event, answer) ?? []);
      return answer;
    } catch (error) {
      const name = error instanceof Error ? error.name : 'unknown';
      logger.error('step failed', { step, ms: ms(), error: name, ...about });
      emit(measured.failed?.(error) ?? []);
      throw error;
    }
  };
}
