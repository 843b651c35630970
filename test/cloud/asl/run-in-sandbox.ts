import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonValue } from '../../../sandbox/states/asl-types.ts';
import { makeStates } from '../../sandbox/states/support/make-states.ts';
import type { Prepared, Step } from './prepare-case.ts';

/** How an execution went: its end, the states it entered with their inputs, and how often each function was called. */
export type Course = {
  readonly status: string;
  readonly error?: string | undefined;
  readonly output?: JsonValue | undefined;
  readonly entered: readonly { readonly state: string; readonly input: JsonValue }[];
  readonly calls: Readonly<Record<string, number>>;
};

type States = ReturnType<typeof makeStates>;

async function settle(states: States, name: string, taskToken: string, then: NonNullable<Step['then']>) {
  await sleep(1000);
  if (then.stop) return states.stop(name, { error: then.stop[0], cause: then.stop[1] });
  if (then.fail)
    return states.call('SendTaskFailure', { taskToken, error: then.fail[0], cause: then.fail[1] });
  return states.call('SendTaskSuccess', { taskToken, output: JSON.stringify(then.succeed) });
}

/** Runs a case on the interpreter that the sandbox has. */
export async function runInSandbox({ definition, functions, input }: Prepared): Promise<Course> {
  const calls: Record<string, number> = {};
  const handlers = Object.fromEntries(
    Object.entries(functions).map(([fn, steps]) => [
      fn,
      async (payload: Record<string, JsonValue>) => {
        calls[fn] = (calls[fn] ?? 0) + 1;
        const step = steps[Math.min(calls[fn], steps.length) - 1] ?? {};
        if (step.afterSeconds) await sleep(step.afterSeconds * 1000);
        if (step.throws) throw Object.assign(new Error(`${step.throws} happened`), { name: step.throws });
        if (step.then) void settle(states, 'one', String(payload.taskToken), step.then);
        return step.answers;
      },
    ]),
  );
  const states = makeStates(definition, handlers);
  await states.start('one', input);
  const { status, error, output } = await states.ended('one');
  const events = await states.history('one', { maxResults: 1000 });
  return {
    status,
    error,
    output: output === undefined ? undefined : JSON.parse(output),
    entered: events.flatMap(({ stateEnteredEventDetails: entered }) =>
      entered ? [{ state: String(entered.name), input: JSON.parse(String(entered.input)) }] : [],
    ),
    calls,
  };
}
