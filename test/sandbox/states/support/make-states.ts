import { setTimeout as pause } from 'node:timers/promises';
import type { AwsCaller } from '../../../../sandbox/aws/types.ts';
import type { AslDefinition, JsonValue } from '../../../../sandbox/states/asl-types.ts';
import { createStatesService, type StatesServiceOptions } from '../../../../sandbox/states/states-service.ts';
import type { StatusEvent } from '../../../../sandbox/states/status-event.ts';

export const MACHINE_ARN = 'arn:aws:states:eu-central-1:123456789012:stateMachine:access-request';
export const EXECUTION_ARN = MACHINE_ARN.replace(':stateMachine:', ':execution:');
export const WAIT_RESOURCE = 'arn:aws:states:::lambda:invoke.waitForTaskToken';

export const functionArn = (name: string): string =>
  `arn:aws:lambda:eu-central-1:123456789012:function:${name}`;

export type Handler = (payload: Record<string, JsonValue>) => unknown;

const caller: AwsCaller = {
  accountId: '123456789012',
  arn: 'arn:aws:iam::123456789012:user/tester',
  userId: 'AIDATESTER',
  accessKeyId: 'AKIATESTER',
  identityPolicies: [],
  principalTags: {},
};

export type Answer = Record<string, never> & {
  executionArn: string;
  startDate: number;
  status: string;
  output: string;
  error?: string;
  cause?: string;
  executions: { name: string; status: string }[];
  events: HistoryEvent[];
  nextToken?: string;
};
export type HistoryEvent = { id: number; previousEventId: number; type: string; timestamp: number } & Record<
  string,
  Record<string, unknown>
>;

/** A states service over a definition and handlers named by function; `invoked` counts what ran. */
export function makeStates(
  definition: AslDefinition,
  handlers: Record<string, Handler> = {},
  options: Pick<StatesServiceOptions, 'clockSpeed' | 'archive'> = {},
) {
  const closed: StatusEvent[] = [];
  const invoked: string[] = [];
  const service = createStatesService({
    machines: [
      {
        spec: {
          name: 'access-request',
          arn: MACHINE_ARN,
          roleArn: 'arn:aws:iam::123456789012:role/machine',
          definition,
        },
        invoke: async (arn, payload) => {
          const name = arn.slice(arn.lastIndexOf(':') + 1);
          invoked.push(name);
          const result = await handlers[name]?.(payload as Record<string, JsonValue>);
          return (result ?? null) as JsonValue;
        },
        onClosed: (event) => void closed.push(event),
      },
    ],
    ...options,
  });
  const call = async (operation: string, input: Record<string, unknown> = {}): Promise<Answer> =>
    (await service.handle({ service: 'states', operation, input, caller })) as Answer;
  const describe = (name: string) => call('DescribeExecution', { executionArn: `${EXECUTION_ARN}:${name}` });
  return {
    service,
    call,
    caller,
    closed,
    invoked,
    start: (name: string, input: JsonValue = {}) =>
      call('StartExecution', { stateMachineArn: MACHINE_ARN, name, input: JSON.stringify(input) }),
    stop: (name: string, more = {}) =>
      call('StopExecution', { executionArn: `${EXECUTION_ARN}:${name}`, ...more }),
    describe,
    async history(name: string, more = {}): Promise<HistoryEvent[]> {
      return (await call('GetExecutionHistory', { executionArn: `${EXECUTION_ARN}:${name}`, ...more }))
        .events;
    },
    /** The execution once it has ended. */
    async ended(name: string): Promise<Answer> {
      return eventually(async () => {
        const answer = await describe(name);
        return answer.status === 'RUNNING' ? undefined : answer;
      });
    },
  };
}

/** Polls for a condition; the test's own timeout is what gives up. */
export async function eventually<T>(probe: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await probe();
    if (found !== undefined) return found;
    await pause(2);
  }
}

/** A function whose answer the test gives when it wants to, and the payloads it was called with. */
export function makeGate<T>() {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  return { promise, open: resolve, fail: reject };
}
