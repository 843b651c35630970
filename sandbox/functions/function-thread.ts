import { enableCompileCache, flushCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { InvokeMessage, ThreadData, ThreadMessage } from './messages.ts';
import { shiftDate } from './shift-date.ts';

/**
 * What runs inside a function's thread: loads the handler's module unchanged and calls it for every message,
 * with an event and a context like Lambda's. `process.env` holds the function's own variables and no others.
 */
const { entry, functionArn, compileCache, aheadMs } = workerData as ThreadData;
if (aheadMs) shiftDate(aheadMs);
if (compileCache) enableCompileCache(compileCache);
const { handler } = await import(entry);
if (compileCache) flushCompileCache();
if (typeof handler !== 'function') throw new TypeError(`${entry} exports no handler`);

const send = (message: ThreadMessage): void => parentPort?.postMessage(message);
parentPort?.on('message', ({ id, event, deadline }: InvokeMessage) => {
  void answer(id, event, deadline).then(send);
});
send({ kind: 'ready' });

async function answer(id: string, event: string, deadline: number): Promise<ThreadMessage> {
  try {
    const result = await handler(JSON.parse(event), contextOf(id, deadline));
    return { kind: 'result', id, result: JSON.stringify(result) ?? 'null' };
  } catch (thrown) {
    // Name and message only: a stack would carry this machine's paths into the execution's history.
    const { name, message } = thrown instanceof Error ? thrown : new Error(String(thrown));
    return { kind: 'error', id, errorType: name, errorMessage: message };
  }
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
function contextOf(awsRequestId: string, deadline: number) {
  const functionName = process.env.AWS_LAMBDA_FUNCTION_NAME ?? '';
  return {
    awsRequestId,
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: functionArn,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE ?? '128',
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: 'sandbox',
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}
