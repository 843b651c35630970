import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ACCOUNT_ID, REGION } from '../demo/place.ts';
import type { HoldTimes } from '../gateway/serve/hold-for-people.ts';
import { refuseEntries } from '../infra/check-config.ts';
import { ownKeys, problemsOfOwnParts } from '../infra/own-parts.ts';
import { readConfigFiles } from '../lambdas/shared/adapters/config/read-config.ts';
import { resolveArns } from '../lambdas/shared/domain/catalog/resolve-arns.ts';
import { brokeredMachines } from './aws/brokered/brokered-machines.ts';
import type { AwsEndpoint } from './aws-endpoint.ts';
import { connectStreams } from './connect-streams.ts';
import { bundleFunctionsOf } from './functions/bundle-functions-of.ts';
import { createFunctionHost, type FunctionHost } from './functions/function-host.ts';
import { functionSpecsOf } from './functions/function-specs-of.ts';
import { createLogSink, type LogLine } from './functions/log-sink.ts';
import { gatewaySeed, registeredGateway } from './gateway/gateway-seed.ts';
import type { MovableClock } from './movable-clock.ts';
import { recordUsedCalls } from './record-used-calls.ts';
import { runSchedules } from './run-schedules.ts';
import type { Invoke, SandboxParts } from './sandbox-parts.ts';
import { startWorkflows } from './start-workflows.ts';
import { followQueues } from './streams/follow-queues.ts';
import { resolveMembers } from './template/resolve-members.ts';
import { resolveTemplate } from './template/resolve-template.ts';
import { synthesise } from './template/synthesise.ts';
import type { Synthesised } from './template/types.ts';

/** Slack waits three seconds for an answer: loading the function must not be a part of them. */
const LOADED_AT_BOOT = ['postern-slack-app'];
const REPOSITORY = fileURLToPath(new URL('..', import.meta.url));

export type BootOptions = {
  /** Where catalog, guardrails and tiers are read from; the repository's `config/` by default. */
  configDir?: string;
  /** Where tables and ended executions are kept; in memory without it. */
  dataDir?: string;
  /** Ports of the edge and of the AWS endpoint; 0, the default, is any free one. */
  port?: number;
  awsPort?: number;
  /** The gateway's; 0 is any free one. Without it there is no gateway. */
  gatewayPort?: number;
  /** The support chat's; 0 is any free one. Without it there is no chat. */
  chatPort?: number;
  /** For how long the gateway holds calls. For tests. */
  gatewayTimes?: Partial<HoldTimes>;
  /** Divides the waits of the workflow. For tests. */
  clockSpeed?: number;
  /** The time of day of the functions and of the waits for a task token. For tests. */
  clock?: MovableClock;
  /** The host's variables that the sandbox may look at; none by default. */
  env?: Record<string, string | undefined>;
  /** Where the functions are bundled already, see bundle-together.ts; tests share one. */
  bundles?: string;
  /** A template that is synthesised already; tests share one. */
  template?: Synthesised;
  /** Functions that are loaded, one after the other, while the rest boots; any other when it is first called. */
  loadEarly?: readonly string[];
  onLog?: (line: LogLine) => void;
  /** Hears of every invocation of a function. */
  onInvoke?: (functionName: string) => void;
};

export type Sandbox<Access> = Awaited<ReturnType<typeof composeSandbox<Access>>>;

async function loadInTurn(host: FunctionHost, names: readonly string[]): Promise<void> {
  for (const name of names) await host.warm([name]);
}

/**
 * Boots the one-machine cloud from the synthesised template: the AWS endpoint, every function in its thread
 * with its own role's keys, the state machine, the edge. On a restart, requests that were open are closed first.
 */
export async function composeSandbox<Access>(parts: SandboxParts<Access>, options: BootOptions = {}) {
  const { env = {}, port = 0, awsPort = 0, dataDir, clockSpeed = 1, clock } = options;
  const configDir = resolve(options.configDir ?? join(REPOSITORY, 'config'));
  const persistence = dataDir === undefined ? {} : { dataDir };
  const logs = createLogSink(options.onLog);
  const started: (() => unknown)[] = [];
  // Last started, first ended: nothing is called that is gone already.
  const close = async (): Promise<void> => {
    for (const end of started.splice(0).reverse()) await end();
  };

  try {
    const synthesised: Synthesised = options.template ?? (await synthesise(configDir));
    const template = resolveTemplate(synthesised, { accountId: ACCOUNT_ID, region: REGION });
    const members = resolveMembers(synthesised);

    const { catalog } = readConfigFiles(configDir);
    const brokered = catalog.resources.map((resource) =>
      resolveArns(resource, { partition: 'aws', region: REGION, accountId: ACCOUNT_ID }),
    );
    const keyIds = template.keys.map(({ id }) => id);
    refuseEntries(problemsOfOwnParts(catalog.resources, ownKeys(keyIds)), configDir);

    // State machines and streams call functions, whose variables name the endpoint, which serves the machines
    // and feeds the streams: these two come first, and wait for the functions and the endpoint.
    const functions = Promise.withResolvers<FunctionHost>();
    const endpoint = Promise.withResolvers<AwsEndpoint>();
    const invokeOnceThere: FunctionHost['invoke'] = async (...call) =>
      (await functions.promise).invoke(...call);
    const workflows = startWorkflows(template, brokeredMachines(brokered), {
      invoke: invokeOnceThere,
      aws: endpoint.promise,
      logs,
      clockSpeed,
      startTimer: clock?.startTimer,
      dataDir,
    });
    const streams = connectStreams(template, { invoke: invokeOnceThere, logs });
    const { states } = workflows;

    const bundles = options.bundles ?? (await bundleFunctionsOf(template));

    const { streamed } = streams;
    const aws = await parts.startAws({
      port: awsPort,
      template,
      services: [states],
      catalog: brokered,
      members,
      streamed,
      ...persistence,
      ...(clock && { now: clock.now }),
    });
    started.push(aws.close);
    endpoint.resolve(aws);
    const used = recordUsedCalls(aws, dataDir);
    started.push(used.end);

    // What comes in over HTTP waits until the requests of an earlier run are closed.
    const lostClosed = Promise.withResolvers<void>();
    const invoke: Invoke = async (functionName, event) => {
      await lostClosed.promise;
      return invokeOnceThere(functionName, event);
    };
    const shared = { configDir, template, aws, states, logs, env };
    const { chatPort } = options;
    let chatUrl = '';
    const edge = await parts.startEdge({
      ...shared,
      port,
      invoke,
      ...(chatPort !== undefined && { chatUrl: () => chatUrl }),
    });
    started.push(edge.close);

    const gatewaySecret = options.gatewayPort === undefined ? undefined : gatewaySeed(dataDir);
    const gateways = gatewaySecret && [registeredGateway(gatewaySecret)];
    const specs = functionSpecsOf(template, aws, edge, { configDir, bundles, ...(gateways && { gateways }) });
    const host = createFunctionHost(specs, logs, options.onInvoke, clock?.aheadMs);
    const queues = followQueues({
      specs: template.queues,
      mappings: template.queueMappings,
      queueOf: aws.queueOf,
      invoke: host.invoke,
      onGivenUp: (functionName, error) =>
        logs.add({
          functionName,
          loggedAtMs: Date.now(),
          text: `a message went to the dead letters: ${String(error)}`,
        }),
    });
    started.push(host.close, queues.close, streams.close, workflows.close);
    functions.resolve(host);
    void loadInTurn(host, options.loadEarly ?? []);

    const [access] = await Promise.all([
      parts.seed({ ...shared, edge, ...persistence }),
      host.warm(LOADED_AT_BOOT),
    ]);
    const closedAtBoot = await workflows.closeLost(specs);
    lostClosed.resolve();
    started.push(runSchedules(host.invoke, logs));
    const gateway =
      gatewaySecret &&
      (await parts.startGateway?.({
        ...shared,
        edge,
        port: options.gatewayPort ?? 0,
        seed: gatewaySecret,
        ...(clock && { clock: clock.now }),
        ...(options.gatewayTimes && { times: options.gatewayTimes }),
      }));
    if (gateway) started.push(gateway.close);
    const chat =
      chatPort === undefined
        ? undefined
        : await parts.startChat?.({ aws, logs, env, edge, access, port: chatPort });
    if (chat) {
      started.push(chat.close);
      chatUrl = chat.url;
    }

    return {
      urls: {
        console: edge.consoleUrl,
        webhooks: `${edge.url}/webhooks`,
        api: `${edge.url}/api`,
        oidcApi: `${edge.url}/oidc`,
        scim: `${edge.url}/scim/v2`,
        facts: `${edge.url}/outside/facts`,
        aws: aws.url,
        slack: `${edge.url}/slack`,
        ...(gateway && { gateway: gateway.url }),
        ...(chat ? { chat: chat.url } : edge.chat && { chat: edge.chat.url }),
        ...(edge.chat && { chatSocket: edge.chat.socketUrl }),
      },
      /** Verifies the gateway's records of calls. */
      ...(gateway && { gatewayRecordKey: gateway.recordKey }),
      template,
      aws,
      states,
      logs,
      invoke,
      access,
      /** The sandbox's own Slack workspace; nothing where a real one is used. */
      slack: edge.slack.own,
      /** Deliveries of webhooks, the newest first. */
      caughtWebhooks: edge.webhooks.caught,
      /** The AWS calls that were made with issued sessions since the start, the last ten thousand of them. */
      usedCalls: used.calls,
      /** Ids of requests that an earlier run left open, closed by this one. */
      closedAtBoot,
      /** Loads the functions that nobody has called yet; without it each is loaded when it is first called. */
      warm: () => host.warm(),
      /** Ends every thread, timer and socket. */
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
