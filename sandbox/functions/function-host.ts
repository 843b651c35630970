import { FunctionError } from './function-error.ts';
import type { FunctionSpec } from './function-spec.ts';
import { createLogSink, type LogSink } from './log-sink.ts';
import { startFunction } from './start-function.ts';

export type FunctionHost = ReturnType<typeof createFunctionHost>;

/** All functions of the template, each in its own thread, whose time of day is ahead as `aheadMs` says. */
export function createFunctionHost(
  specs: FunctionSpec[],
  logs: LogSink = createLogSink(),
  onInvoke: (functionName: string) => void = () => {},
  aheadMs?: SharedArrayBuffer,
) {
  const functions = new Map(specs.map((spec) => [spec.name, startFunction(spec, logs, aheadMs)]));
  return {
    logs,
    names: [...functions.keys()],
    /**
     * Invokes a function by its name or ARN (a version or alias is ignored) and waits for its answer.
     * Throws FunctionError: the function's own error by its name, or what Lambda would report.
     */
    async invoke(nameOrArn: string, event: unknown, signal?: AbortSignal): Promise<unknown> {
      const found = functions.get(functionNameOf(nameOrArn));
      if (!found)
        throw new FunctionError('Lambda.ResourceNotFoundException', `Function not found: ${nameOrArn}`);
      onInvoke(found.spec.name);
      return found.invoke(event, signal);
    },
    /** Starts threads before they are needed, all by default; resolves when their handlers are loaded. */
    warm: async (names: Iterable<string> = functions.keys()): Promise<void> => {
      await Promise.all([...names].map((name) => functions.get(name)?.warm()));
    },
    close: async (): Promise<void> => {
      await Promise.all([...functions.values()].map((it) => it.close()));
    },
  };
}

/** `arn:aws:lambda:eu-central-1:123456789012:function:postern-x:live` and `postern-x` both name `postern-x`. */
export function functionNameOf(nameOrArn: string): string {
  return /:function:([^:]+)/.exec(nameOrArn)?.[1] ?? nameOrArn;
}
