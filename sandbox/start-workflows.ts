import { join } from 'node:path';
import { STATE_MACHINE_NAME } from '../infra/names.ts';
import type { AwsEndpoint } from './aws-endpoint.ts';
import { closeOpenRequests } from './close-open-requests.ts';
import type { FunctionSpec } from './functions/function-spec.ts';
import type { LogSink } from './functions/log-sink.ts';
import type { JsonValue, StateMachineSpec } from './states/asl-types.ts';
import { openExecutionArchive } from './states/execution-archive.ts';
import { invokeAsRole } from './states/invoke-as-role.ts';
import type { StartTimer } from './states/long-timer.ts';
import type { InvokeFunction } from './states/run-task.ts';
import { createStatesService } from './states/states-service.ts';
import type { StatusEvent } from './states/status-event.ts';
import { createEventDelivery } from './streams/deliver-events.ts';
import type { ResolvedTemplate } from './template/types.ts';

/** The function that closes the row of a request whose execution ended abnormally. */
const CLOSE_REQUEST = 'postern-close-request';

type Options = {
  /** Runs a function by its name or ARN; waits for as long as there is none yet. */
  invoke: (nameOrArn: string, event: unknown, signal?: AbortSignal) => Promise<unknown>;
  /** Where the machines' own keys come from. */
  aws: Promise<Pick<AwsEndpoint, 'credentials'>>;
  logs: LogSink;
  clockSpeed: number;
  startTimer: StartTimer | undefined;
  /** Where ended executions are kept; in memory without it. */
  dataDir: string | undefined;
};

/**
 * The template's state machines, each of which invokes functions as its own role, and those that the catalog names. A request whose execution
 * ends abnormally is closed, as the template's EventBridge rule has it.
 */
export function startWorkflows(
  template: ResolvedTemplate,
  brokered: readonly StateMachineSpec[],
  { invoke, aws, logs, clockSpeed, startTimer, dataDir }: Options,
) {
  const closeRequest = (event: StatusEvent): Promise<unknown> => invoke(CLOSE_REQUEST, event);
  const closing = createEventDelivery(closeRequest, ({ detail }, error) =>
    logs.add({
      functionName: CLOSE_REQUEST,
      loggedAtMs: Date.now(),
      text: `${detail.name} stays open: ${String(error)}`,
    }),
  );

  function asRoleOf({ roleArn, name }: StateMachineSpec): InvokeFunction {
    const invokeAs = aws.then(({ credentials }) =>
      invokeAsRole(
        credentials.issueForRole(roleArn, name).caller,
        async (...call) => (await invoke(...call)) as JsonValue,
      ),
    );
    return async (...call) => (await invokeAs)(...call);
  }

  const [requests, ...others] = machinesOf(template);
  const states = createStatesService({
    machines: [
      { spec: requests, invoke: asRoleOf(requests), onClosed: closing.notify },
      ...others.map((spec) => ({ spec, invoke: asRoleOf(spec) })),
      ...brokered.map((spec) => ({ spec, invoke: invokesNothing })),
    ],
    clockSpeed,
    ...(startTimer && { startTimer }),
    ...(dataDir !== undefined && { archive: openExecutionArchive(join(dataDir, 'executions')) }),
  });

  return {
    states,
    /** Closes what an earlier run left open; answers the ids of the requests. */
    closeLost: (specs: readonly FunctionSpec[]): Promise<string[]> =>
      // In memory there is no earlier run.
      dataDir === undefined
        ? Promise.resolve([])
        : closeOpenRequests(specOf(specs, CLOSE_REQUEST), requests, closeRequest),
    /** Ends the executions; resolves once those that this interrupts are told of. */
    async close(): Promise<void> {
      await states.close();
      await closing.settled();
    },
  };
}

/** State machines of others have no role here, and nothing that they could invoke. */
const invokesNothing: InvokeFunction = () => Promise.reject(new Error('this state machine invokes nothing'));

/** The template's state machines, that of requests first. */
function machinesOf({ stateMachines }: ResolvedTemplate): [StateMachineSpec, ...StateMachineSpec[]] {
  const requests = stateMachines.find(({ name }) => name === STATE_MACHINE_NAME);
  if (!requests) throw new Error(`the template has no state machine ${STATE_MACHINE_NAME}`);
  return [requests, ...stateMachines.filter((machine) => machine !== requests)];
}

function specOf(specs: readonly FunctionSpec[], name: string): FunctionSpec {
  const found = specs.find((it) => it.name === name);
  if (!found) throw new Error(`the template has no function ${name}`);
  return found;
}
