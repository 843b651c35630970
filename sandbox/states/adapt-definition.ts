import type { AslDefinition, AslState } from './asl-types.ts';

/** The engine's own per-task timer is set to the longest Node keeps: the sandbox runs the real one itself. */
const ENGINE_TIMEOUT_SECONDS = 2_147_483;

type AdaptedDefinition = {
  definition: AslDefinition;
  /** Lifetime of an execution in seconds; taken out of the definition (see below). */
  timeoutSeconds: number;
};

/**
 * The definition as `aws-local-stepfunctions` has to see it to behave as AWS does. Nothing about the flow
 * changes; each line below answers one difference of the engine:
 * - `TimeoutSecondsPath` is resolved on the output of `Parameters`, on AWS on the state's input: the value is
 *   copied into an envelope around the payload, and run-task times the task.
 * - a task without a timeout gets 60 seconds: the engine's own timer is set as long as it goes.
 * - timers over 24.8 days fire at once: the execution's own timeout is taken out and kept by a long timer.
 * - `ResultPath: "$"` writes a key named `$`; it means the same as no `ResultPath`.
 *
 * `clockSpeed` divides waits: retry intervals and `Wait` states here, tasks' timeouts where they are run.
 */
export function adaptDefinition(source: AslDefinition, clockSpeed = 1): AdaptedDefinition {
  const { TimeoutSeconds, ...rest } = source;
  const states = Object.entries(source.States).map(([name, state]) => {
    assertSupported(name, state);
    return [name, adaptState(state, clockSpeed)] as const;
  });
  return {
    definition: { ...rest, States: Object.fromEntries(states) },
    timeoutSeconds: TimeoutSeconds ?? Number.POSITIVE_INFINITY,
  };
}

function adaptState(source: AslState, clockSpeed: number): AslState {
  const state = withoutRootResultPath(source);
  if (state.Retry) {
    state.Retry = state.Retry.map((retrier) => ({
      ...retrier,
      IntervalSeconds: (retrier.IntervalSeconds ?? 1) / clockSpeed,
      ...(retrier.MaxDelaySeconds !== undefined && { MaxDelaySeconds: retrier.MaxDelaySeconds / clockSpeed }),
    }));
  }
  if (state.Catch) state.Catch = state.Catch.map(withoutRootResultPath);
  if (state.Type === 'Wait' && state.Seconds !== undefined) state.Seconds /= clockSpeed;
  return state.Type === 'Task' ? wrapTask(state) : state;
}

function wrapTask(state: AslState): AslState {
  const { TimeoutSecondsPath, Parameters, ...rest } = state;
  const timed = { ...rest, TimeoutSeconds: ENGINE_TIMEOUT_SECONDS };
  if (TimeoutSecondsPath === undefined) return Parameters === undefined ? timed : { ...timed, Parameters };
  return {
    ...timed,
    Parameters: {
      ...(Parameters === undefined ? { 'payload.$': '$' } : { payload: Parameters }),
      'timeoutSeconds.$': TimeoutSecondsPath,
    },
  };
}

function withoutRootResultPath<T extends { ResultPath?: string | null }>(holder: T): T {
  const { ResultPath, ...rest } = holder;
  return ResultPath === '$' ? (rest as T) : { ...holder };
}

/** Refuses what the engine would silently do differently; the sandbox then does not start. */
function assertSupported(name: string, state: AslState): void {
  const refused = ['HeartbeatSeconds', 'HeartbeatSecondsPath', 'Assign', 'Arguments', 'Output'].find(
    (field) => field in state,
  );
  if (refused) throw new Error(`state ${name}: the sandbox's engine does not run ${refused}`);
  if (state.Type === 'Map' || state.Type === 'Parallel') {
    throw new Error(`state ${name}: the sandbox's engine runs no ${state.Type} states`);
  }
  if (
    [...(state.Retry ?? []), ...(state.Catch ?? [])].some((it) =>
      it.ErrorEquals.includes('States.TaskFailed'),
    )
  ) {
    throw new Error(`state ${name}: the sandbox's engine would match States.Timeout as States.TaskFailed`);
  }
  if (/\$\$\.(State|Map)\b/.test(JSON.stringify(state))) {
    throw new Error(`state ${name}: the sandbox's engine has no $$.State and no $$.Map`);
  }
}
