import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';
import { exitError, FunctionError } from './function-error.ts';
import type { FunctionSpec } from './function-spec.ts';
import type { LogSink } from './log-sink.ts';
import type { InvokeMessage, ThreadData, ThreadMessage } from './messages.ts';

const THREAD = new URL('./function-thread.ts', import.meta.url);

export type FunctionThread = {
  /** Resolves once the handler's module is loaded, or the thread is gone. */
  readonly ready: Promise<void>;
  /** Resolves once the thread is gone. */
  readonly gone: Promise<void>;
  /** Runs the handler; answers its result as JSON. Throws FunctionError, also where the thread dies. */
  call(message: InvokeMessage): Promise<string>;
  terminate(): Promise<void>;
};

/** Starts a thread that holds one function, with nothing of the host's environment or command line. */
export function spawnThread(
  spec: FunctionSpec,
  logs: LogSink,
  aheadMs: SharedArrayBuffer | undefined,
): FunctionThread {
  const worker = new Worker(spec.thread ? new URL(spec.thread) : THREAD, {
    name: spec.name,
    env: spec.env,
    workerData: {
      entry: spec.entry,
      functionArn: spec.arn,
      ...(spec.compileCache && { compileCache: spec.compileCache }),
      ...(aheadMs && { aheadMs }),
    } satisfies ThreadData,
    execArgv: [],
    argv: [],
    stdout: true,
    stderr: true,
  });
  const { promise: ready, resolve: markReady } = Promise.withResolvers<void>();
  const { promise: gone, resolve: markGone } = Promise.withResolvers<void>();
  const pending = new Map<string, { resolve(json: string): void; reject(error: FunctionError): void }>();
  const log = (text: string): void => logs.add({ functionName: spec.name, loggedAtMs: Date.now(), text });
  let exitReason = 'the thread ended';
  let exited = false;

  for (const input of [worker.stdout, worker.stderr]) createInterface({ input }).on('line', log);
  worker.on('message', (message: ThreadMessage) => {
    if (message.kind === 'ready') return markReady();
    const call = pending.get(message.id);
    if (message.kind === 'result') call?.resolve(message.result);
    else call?.reject(new FunctionError(message.errorType, message.errorMessage));
  });
  worker.on('error', (error) => {
    exitReason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    log(`function crashed: ${exitReason}`);
  });
  worker.on('exit', () => {
    exited = true;
    for (const [id, call] of pending) call.reject(exitError(id, exitReason));
    markReady();
    markGone();
  });

  return {
    ready,
    gone,
    async call(message) {
      if (exited) throw exitError(message.id, exitReason);
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      pending.set(message.id, { resolve, reject });
      worker.postMessage(message);
      return promise.finally(() => pending.delete(message.id));
    },
    async terminate() {
      await worker.terminate();
    },
  };
}
