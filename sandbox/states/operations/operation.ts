import type { z } from 'zod';
import type { Engine } from '../engine.ts';

/** One call of the Step Functions API. */
export type Operation<Input> = {
  schema: z.ZodType<Input>;
  /** The ARN that IAM must allow the call on. */
  resource(input: Partial<Input>, engine: Engine): string | undefined;
  /** `engine` runs the state machine that the call is about, one of `engines`. */
  run(input: Input, engine: Engine, engines: readonly Engine[]): unknown;
};

/** Keeps an operation's input type to itself, so that operations of all kinds fit one table. */
export function operation<Input>(it: Operation<Input>): Operation<Input> {
  return it;
}
