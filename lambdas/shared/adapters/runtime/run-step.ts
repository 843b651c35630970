import type { Measurement } from '../../domain/measurement.ts';
import { correlationIn } from './correlation.ts';
import { logger } from './logger.ts';
import { emit } from './metrics.ts';

/** What a step's runs tell the dashboard; nothing, for most. */
type Measured<Input, Answer> = {
  done?(input: Input, answer: Answer): Measurement[];
  failed?(error: unknown): Measurement[];
};

type Parser<Input> = { parse(event: unknown): Input };

const AS_IT_CAME: Parser<unknown> = { parse: (event) => event };

/**
 * Turns a step of the workflow into a Lambda handler. Its event is parsed here, once: the step, its records and its
 * measurements are given the typed input.
 *
 * The step is made at the first event, so that importing a handler makes no client; each run logs its
 * outcome by names only, and emits what `measured` makes of it.
 */
export function runWorkflowStep<Input, Answer>(
  step: string,
  input: Parser<Input>,
  make: () => (input: Input) => Promise<Answer>,
  measured: Measured<Input, Answer> = {},
): (event: unknown) => Promise<Answer> {
  let run: ((input: Input) => Promise<Answer>) | undefined;
  return async (event) => {
    const startedAt = performance.now();
    const ms = () => Math.round(performance.now() - startedAt);
    const about = correlationIn(event);
    try {
      const parsed = input.parse(event);
      run ??= make();
      const answer = await run(parsed);
      logger.info('step done', { step, ms: ms(), ...about });
      emit(measured.done?.(parsed, answer) ?? []);
      return answer;
    } catch (error) {
      const name = error instanceof Error ? error.name : 'unknown';
      logger.error('step failed', { step, ms: ms(), error: name, ...about });
      emit(measured.failed?.(error) ?? []);
      throw error;
    }
  };
}

/** The same for what is no step of the workflow, and parses its event by itself. */
export const runStep = <Answer>(
  step: string,
  make: () => (event: unknown) => Promise<Answer>,
  measured: Measured<unknown, Answer> = {},
): ((event: unknown) => Promise<Answer>) => runWorkflowStep(step, AS_IT_CAME, make, measured);
