import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { closeOpenRequests } from './close-open-requests.ts';
import { bundleFunctionsOf } from './functions/bundle-functions-of.ts';
import { createFunctionHost, type FunctionHost } from './functions/function-host.ts';
import type { FunctionSpec } from './functions/function-spec.ts';
import { functionSpecsOf } from './functions/function-specs-of.ts';
import { createLogSink, type LogLine } from './functions/log-sink.ts';
import { ACCOUNT_ID, REGION } from './place.ts';
import { recordUsedCalls } from './record-used-calls.ts';
import type { AwsEndpoint, SandboxParts } from './sandbox-parts.ts';
import type { JsonValue, StateMachineSpec } from './states/asl-types.ts';
import { openExecutionArchive } from './states/execution-archive.ts';
import { invokeAsRole } from './states/invoke-as-role.ts';
import type { InvokeFunction } from './states/run-task.ts';
import { createStatesService } from './states/states-service.ts';
import type { StatusEvent } from './states/status-event.ts';
import { announce, type BusEvent } from './streams/announce.ts';
import { createEventDelivery } from './streams/deliver-events.ts';
import { followTables } from './streams/follow-tables.ts';
import { resolveTemplate } from './template/resolve-template.ts';
import { synthesise } from './template/synthesise.ts';
import type { CfnTemplate, ResolvedTemplate } from './template/types.ts';

/** The workflow of requests. */
const STATE_MACHINE_NAME = 'access-request';
/** The function that closes the row of a request whose execution ended abnormally. */
const CLOSE_REQUEST = 'postern-close-request';
/** The function that signs where the audit chains end, and how often. */
const SIGN_HEADS = 'postern-sign-heads';
const SIGN_HEADS_MS = 60_000;
const REPOSITORY = fileURLToPath(new URL('..', import.meta.url));

export type BootOptions = {
  /** Where catalog, guardrails and tiers are read from; the repository's `config/` by default. */
  configDir?: string;
  /** Where tables and ended executions are kept; in memory without it. */
  dataDir?: string;
  /** Ports of the edge and of the AWS endpoint; 0, the default, is any free one. */
  port?: number;
  awsPort?: number;
  /** Divides the waits of the workflow. For tests. */
  clockSpeed?: number;
  /** The host's variables that the sandbox may look at; none by default. */
  env?: Record<string, string | undefined>;
  /** Where the functions are bundled already, see bundle-together.ts; tests share one. */
  bundles?: string;
  /** A template that is synthesised already; tests share one. */
  template?: CfnTemplate;
  onLog?: (line: LogLine) => void;
  /** Hears of every invocation of a function. */
  onInvoke?: (functionName: string) => void;
};

/** An event of a bus, and whom it is for. */
type Addressed = { readonly functionArn: string; readonly event: BusEvent };

export type Sandbox<Access> = Awaited<ReturnType<typeof composeSandbox<Access>>>;

/**
 * Boots the one-machine cloud from the synthesised template: the AWS endpoint, every function in its thread
 * with its own role's keys, the state machine, the edge. On a restart, requests that were open are closed first.
 */
export async function composeSandbox<Access>(parts: SandboxParts<Access>, options: BootOptions = {}) {
  const { env = {}, port = 0, awsPort = 0, dataDir, clockSpeed = 1 } = options;
  const configDir = resolve(options.configDir ?? join(REPOSITORY, 'config'));
  const logs = createLogSink(options.onLog);
  const started: (() => Promise<void>)[] = [];
  // Last started, first ended: nothing is called that is gone already.
  const close = async (): Promise<void> => {
    for (const end of started.splice(0).reverse()) await end();
  };

  try {
    const template = resolveTemplate(options.template ?? (await synthesise(configDir)), {
      accountId: ACCOUNT_ID,
      region: REGION,
    });
    const [stateMachine, ...others] = machinesOf(template);
    const { promise: hosted, resolve: haveHost } = Promise.withResolvers<FunctionHost>();
    const { promise: opened, resolve: open } = Promise.withResolvers<void>();

    const closeRequest = async (event: unknown): Promise<unknown> =>
      (await hosted).invoke(CLOSE_REQUEST, event);
    const notifier = createEventDelivery(closeRequest, ({ detail }: StatusEvent, error) =>
      logs.add({
        functionName: CLOSE_REQUEST,
        at: Date.now(),
        text: `${detail.name} stays open: ${String(error)}`,
      }),
    );
    const { promise: haveAws, resolve: awsIsUp } = Promise.withResolvers<AwsEndpoint>();
    /** Each machine invokes functions as its own role. */
    const asRoleOf = (spec: StateMachineSpec): InvokeFunction => {
      const invokeAs = Promise.all([hosted, haveAws]).then(([host, { credentials }]) =>
        invokeAsRole(
          credentials.issueForRole(spec.roleArn, spec.name).caller,
          async (...call) => (await host.invoke(...call)) as JsonValue,
        ),
      );
      return async (...call) => (await invokeAs)(...call);
    };
    const states = createStatesService({
      machines: [
        { spec: stateMachine, invoke: asRoleOf(stateMachine), onClosed: notifier.notify },
        ...others.map((spec) => ({ spec, invoke: asRoleOf(spec) })),
      ],
      clockSpeed,
      ...(dataDir !== undefined && { archive: openExecutionArchive(join(dataDir, 'executions')) }),
    });

    const events = createEventDelivery(
      async ({ functionArn, event }: Addressed) => (await hosted).invoke(functionArn, event),
      ({ functionArn }, error) =>
        logs.add({ functionName: functionArn, at: Date.now(), text: `an event was lost: ${String(error)}` }),
    );
    const pipes = new Map(template.pipes.map((pipe) => [pipe.name, pipe]));
    const streams = followTables({
      mappings: [
        ...template.streams,
        ...template.pipes.map(({ name, ...pipe }) => ({ ...pipe, functionName: name })),
      ],
      keysOf: (table) => keysOf(template, table),
      async invoke(name, batch) {
        const pipe = pipes.get(name);
        if (!pipe) return (await hosted).invoke(name, batch);
        announce(pipe, batch.Records, (functionArn, event) => events.notify({ functionArn, event }));
      },
      onGivenUp: (functionName, error) =>
        logs.add({ functionName, at: Date.now(), text: `a change was not followed: ${String(error)}` }),
    });
    const bundled = options.bundles
      ? { folder: options.bundles, discard: async () => {} }
      : await bundleFunctionsOf(template, dataDir);
    started.push(bundled.discard);
    const aws = await parts.startAws({
      port: awsPort,
      template,
      services: [states],
      streamed: streams,
      ...(dataDir !== undefined && { dataDir }),
    });
    started.push(aws.close);
    awsIsUp(aws);
    const used = recordUsedCalls(aws, dataDir);
    started.push(async () => used.end());

    // What comes in over HTTP waits until the requests of an earlier run are closed.
    const invoke = async (functionName: string, event: unknown): Promise<unknown> => {
      await opened;
      return (await hosted).invoke(functionName, event);
    };
    const shared = { configDir, template, aws, states, logs, env };
    const edge = await parts.startEdge({ ...shared, port, invoke });
    started.push(edge.close);

    const specs = functionSpecsOf(template, aws, edge, { configDir, bundles: bundled.folder });
    const host = createFunctionHost(specs, logs, options.onInvoke);
    started.push(host.close, events.settled, streams.close, notifier.settled, states.close);
    haveHost(host);

    const [access] = await Promise.all([
      parts.seed({ ...shared, edge, ...(dataDir !== undefined && { dataDir }) }),
      host.warm(),
    ]);
    // In memory there is no earlier run whose requests could be open.
    const closed =
      dataDir === undefined
        ? []
        : await closeOpenRequests(named(specs, CLOSE_REQUEST), stateMachine, closeRequest);
    open();

    /** As the schedule does on AWS; the next time finds again what this one found. */
    async function signHeads(): Promise<void> {
      try {
        await host.invoke(SIGN_HEADS, { 'detail-type': 'Scheduled Event' });
      } catch (error) {
        logs.add({ functionName: SIGN_HEADS, at: Date.now(), text: `heads not signed: ${String(error)}` });
      }
    }

    const signing = setInterval(() => void signHeads(), SIGN_HEADS_MS).unref();
    started.push(async () => clearInterval(signing));

    return {
      urls: { console: edge.url, api: `${edge.url}/api`, aws: aws.url, slack: `${edge.url}/slack` },
      template,
      aws,
      states,
      logs,
      invoke,
      access,
      /** The sandbox's own Slack workspace; nothing where a real one is used. */
      slack: edge.slack.own,
      /** The AWS calls that were made with issued sessions since the start, the last ten thousand of them. */
      usedCalls: used.calls,
      /** Ids of requests that an earlier run left open, closed by this one. */
      closedAtBoot: closed,
      /** Ends every thread, timer and socket. */
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function keysOf(template: ResolvedTemplate, tableName: string): string[] {
  const { properties } = template.tables.find(({ name }) => name === tableName) ?? {};
  const schema = (properties?.KeySchema ?? []) as unknown as { AttributeName: string }[];
  return schema.map(({ AttributeName }) => AttributeName);
}

function named(specs: FunctionSpec[], name: string): FunctionSpec {
  const found = specs.find((it) => it.name === name);
  if (!found) throw new Error(`the template has no function ${name}`);
  return found;
}

/** The template's state machines, that of requests first. */
function machinesOf({ stateMachines }: ResolvedTemplate): [StateMachineSpec, ...StateMachineSpec[]] {
  const requests = stateMachines.find(({ name }) => name === STATE_MACHINE_NAME);
  if (!requests) throw new Error(`the template has no state machine ${STATE_MACHINE_NAME}`);
  return [requests, ...stateMachines.filter((machine) => machine !== requests)];
}
