import * as z from 'zod';
import type { AslState, JsonValue } from './asl-types.ts';
import type { History } from './history.ts';
import { startLongTimer } from './long-timer.ts';
import { TaskError, TaskTimeout, TerminalError } from './task-error.ts';
import type { TaskWaits } from './task-waits.ts';

/**
 * Runs a Lambda function. Throws an Error whose `name` is the errorType, as the function's error is named. One
 * that has not begun when the signal aborts is not to begin.
 */
export type InvokeFunction = (
  functionArn: string,
  payload: JsonValue,
  signal: AbortSignal,
) => Promise<JsonValue>;

type TaskRun = {
  /** The state as the deployed definition has it. */
  state: AslState;
  /** What the engine passes: the payload, in an envelope where adapt-definition built one. */
  input: unknown;
  taskToken: string;
  history: History;
  invoke: InvokeFunction;
  waits: TaskWaits;
  clockSpeed: number;
  /** Aborts with ExecutionClosed when the execution has ended. */
  signal: AbortSignal;
};

/** 256 KiB, what a state's data may hold. @see https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
export const MAX_PAYLOAD_BYTES = 262_144;

/** A task's timeout where it has none: three years. */
const DEFAULT_TIMEOUT_SECONDS = 99_999_999;

const WAIT_RESOURCE = 'lambda:invoke.waitForTaskToken';
const WAIT = { resourceType: 'lambda', resource: 'invoke.waitForTaskToken' };

const jsonSchema = z.custom<JsonValue>();
const envelopeSchema = z.object({
  payload: jsonSchema,
  timeoutSeconds: z.number().int().min(1).max(99_999_999),
});
const waitParametersSchema = z.looseObject({ FunctionName: z.string(), Payload: jsonSchema });

/** Runs one entry, or one retry, of a Task state, and writes its events. Throws TaskError as the task failed. */
export async function runTask(run: TaskRun): Promise<JsonValue> {
  checkSize(JSON.stringify(run.input));
  const { payload, timeoutSeconds } = payloadAndTimeout(run);
  const resource = run.state.Resource ?? '';
  const output = resource.endsWith(`:states:::${WAIT_RESOURCE}`)
    ? await runWait(run, waitParametersSchema.parse(payload), timeoutSeconds)
    : await runFunction(run, resource, payload, timeoutSeconds);
  checkSize(output);
  return JSON.parse(output);
}

function checkSize(data: string): void {
  if (Buffer.byteLength(data) <= MAX_PAYLOAD_BYTES) return;
  throw new TerminalError(
    'States.DataLimitExceeded',
    `The state's data are more than ${MAX_PAYLOAD_BYTES} bytes.`,
  );
}

/** A function invoked by its ARN: the task ends with what the function answers. */
async function runFunction(run: TaskRun, resource: string, input: JsonValue, timeoutInSeconds: number) {
  const { history, signal } = run;
  history.add('LambdaFunctionScheduled', { resource, input: JSON.stringify(input), timeoutInSeconds });
  history.add('LambdaFunctionStarted');
  try {
    // A function's own time is not scaled by the clock: its code runs no faster.
    const result = await within(timeoutInSeconds * 1000, signal, run.invoke(resource, input, signal));
    const output = JSON.stringify(result);
    history.add('LambdaFunctionSucceeded', { output });
    return output;
  } catch (error) {
    signal.throwIfAborted();
    const failure = asTaskError(error);
    history.add(
      failure instanceof TaskTimeout ? 'LambdaFunctionTimedOut' : 'LambdaFunctionFailed',
      errorDetails(failure),
    );
    throw failure;
  }
}

/**
 * `lambda:invoke.waitForTaskToken`: the task ends with what completes its token. Of the function only an error
 * counts, and only while the token is open; its answer is dropped.
 */
async function runWait(
  run: TaskRun,
  parameters: z.infer<typeof waitParametersSchema>,
  timeoutInSeconds: number,
): Promise<string> {
  const { history, signal, waits, taskToken } = run;
  history.add('TaskScheduled', {
    ...WAIT,
    region: regionOf(parameters.FunctionName),
    parameters: JSON.stringify(parameters),
    timeoutInSeconds,
  });
  const completed = waits.wait(taskToken, (timeoutInSeconds * 1000) / run.clockSpeed, signal);
  history.add('TaskStarted', WAIT);
  run.invoke(parameters.FunctionName, parameters.Payload, signal).then(
    (answer) => {
      if (waits.stateOf(taskToken) !== 'open') return;
      history.add('TaskSubmitted', { ...WAIT, output: JSON.stringify({ Payload: answer, StatusCode: 200 }) });
    },
    (error) => void waits.end(taskToken, asTaskError(error)),
  );
  try {
    const output = await completed;
    history.add('TaskSucceeded', { ...WAIT, output });
    return output;
  } catch (error) {
    signal.throwIfAborted();
    const failure = asTaskError(error);
    history.add(failure instanceof TaskTimeout ? 'TaskTimedOut' : 'TaskFailed', {
      ...WAIT,
      ...errorDetails(failure),
    });
    throw failure;
  }
}

/** The value of a promise, TaskTimeout after `ms`, or the signal's reason once it aborts. */
async function within<T>(ms: number, signal: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const timer = startLongTimer(ms, () => reject(new TaskTimeout()));
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener('abort', onAbort);
  try {
    return await Promise.race([work, stopped]);
  } finally {
    timer.cancel();
    signal.removeEventListener('abort', onAbort);
  }
}

function payloadAndTimeout({ state, input }: TaskRun): { payload: JsonValue; timeoutSeconds: number } {
  if (state.TimeoutSecondsPath === undefined) {
    return { payload: input as JsonValue, timeoutSeconds: state.TimeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS };
  }
  const parsed = envelopeSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new TerminalError('States.Runtime', 'TimeoutSecondsPath does not point to a positive integer.');
}

/** Anything a function threw, in Lambda's shape: the error's type as name, a JSON document as its cause. */
function asTaskError(error: unknown): TaskError {
  if (error instanceof TaskError) return error;
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return new TaskError(name, JSON.stringify({ errorType: name, errorMessage: message, trace: [] }));
}

function errorDetails(failure: TaskError): Record<string, string> {
  return { error: failure.name, ...(failure.message && { cause: failure.message }) };
}

function regionOf(functionArn: string): string {
  return functionArn.split(':')[3] ?? '';
}
