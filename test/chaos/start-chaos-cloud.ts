import { startAwsEndpoint } from '../../sandbox/aws/start-aws-endpoint.ts';
import { composeSandbox } from '../../sandbox/compose-sandbox.ts';
import { startEdge } from '../../sandbox/edge/start-edge.ts';
import type { AwsOptions, EdgeOptions } from '../../sandbox/sandbox-parts.ts';
import { seed } from '../../sandbox/seed/seed.ts';
import { UNLIMITED } from '../bench/unlimited.ts';
import { type Asked, type Line, proposing } from '../support/scripted-reviewer.ts';
import { startCloud } from '../support/start-cloud.ts';
import { REASONS } from './callers.ts';
import { type Fault, type FaultProxy, type ProxiedCall, startFaultProxy } from './fault-proxy.ts';
import { DEPENDENCIES, type Dependency, type FunctionCall } from './faults.ts';

/** What stands between the functions and everything they call. */
type Between = {
  decide(call: FunctionCall): Fault | undefined;
  /** Hears of every session that STS made for the broker, by its request. */
  onMint?(requestId: string): void;
  /** Hears of every call that a service carried out, before the function learns of it. */
  onDone?(call: FunctionCall): void;
};

type Options = Omit<NonNullable<Parameters<typeof startCloud>[0]>, 'boot' | 'limits' | 'tiers'>;

/** Where people are asked. */
export const CHANNEL = '#access-approvals';
/** A tier's deadline is a time of day, which no clock of the workflow's hastens. */
const TIER_SECONDS = 15;

/** A reviewer that answers by the reason alone, and approves what fits it. */
function review({ reason }: Asked): Line {
  if (reason === REASONS.denied) return proposing('bank_operational_metrics', [], { approved: false });
  return reason === REASONS.approved
    ? proposing('bank_customer_profiles', ['dynamodb:GetItem'])
    : proposing('bank_operational_metrics', ['dynamodb:Query']);
}

const SCOPE = /Credential=([^/]+)\/[^/]+\/[^/]+\/([^/]+)\/aws4_request/;
const isDependency = (name: string): name is Dependency => (DEPENDENCIES as readonly string[]).includes(name);

function operationIn({ headers, body, method }: ProxiedCall): string {
  const target = headers['x-amz-target'];
  if (target) return String(target).split('.').at(-1) ?? '';
  return new URLSearchParams(body.toString('utf8')).get('Action') ?? method;
}

/** The request id that a call of AssumeRole tags its session with. */
function requestIdIn({ body }: ProxiedCall): string {
  const form = new URLSearchParams(body.toString('utf8'));
  const [key] = [...form].find(([, value]) => value === 'postern:request-id') ?? [];
  return form.get(key?.replace(/\.Key$/, '.Value') ?? '') ?? '';
}

/** The whole broker, as tests start it, with something between its functions and every service that they call. */
export async function startChaosCloud(between: Between, options: Options = {}) {
  const proxies: FaultProxy[] = [];
  const standBefore = async (target: string, callOf: (call: ProxiedCall) => FunctionCall | undefined) => {
    const proxy = await startFaultProxy({
      target,
      decide(call) {
        const known = callOf(call);
        return known && between.decide(known);
      },
      onDone(call, status) {
        const known = callOf(call);
        if (!known) return;
        if (known.dependency === 'sts' && known.operation === 'AssumeRole' && status === 200)
          between.onMint?.(requestIdIn(call));
        between.onDone?.(known);
      },
    });
    proxies.push(proxy);
    return proxy.url;
  };

  async function startAws(given: AwsOptions) {
    const aws = await startAwsEndpoint(given);
    const callOf = (call: ProxiedCall): FunctionCall | undefined => {
      const [, accessKeyId = '', service = ''] = SCOPE.exec(call.headers.authorization ?? '') ?? [];
      const functionName = /:assumed-role\/postern-([^/]+)\/postern-\1$/.exec(
        aws.credentials.find(accessKeyId)?.caller.arn ?? '',
      )?.[1];
      if (!functionName || !isDependency(service)) return undefined;
      return { dependency: service, functionName, operation: operationIn(call) };
    };
    return { ...aws, url: await standBefore(aws.url, callOf) };
  }

  async function startEdgeBehind(given: EdgeOptions) {
    const edge = await startEdge(given);
    const { SLACK_API_URL: slackUrl = '' } = edge.added;
    const url = await standBefore(slackUrl, ({ path }) => ({
      dependency: 'slack',
      functionName: 'slack',
      operation: path,
    }));
    return { ...edge, added: { ...edge.added, SLACK_API_URL: url } };
  }

  const cloud = await startCloud({
    ...options,
    limits: { human: UNLIMITED, suspension: { denials: 20, withinSeconds: 60, forSeconds: 60 } },
    tiers: [
      {
        name: 'access-approvers',
        channel: CHANNEL,
        approverGroup: 'approvers',
        timeoutSeconds: TIER_SECONDS,
      },
    ],
    boot: async (given = {}) => {
      const reviewer = await standBefore(given.env?.OPENAI_BASE_URL ?? '', () => ({
        dependency: 'reviewer',
        functionName: 'review-request',
        operation: 'review',
      }));
      return composeSandbox(
        { startAws, startEdge: startEdgeBehind, seed },
        { ...given, env: { ...given.env, OPENAI_BASE_URL: reviewer } },
      );
    },
  });
  cloud.reviewer.says(review);
  return {
    ...cloud,
    async close(): Promise<void> {
      await cloud.close();
      await Promise.all(proxies.map((proxy) => proxy.close()));
    },
  };
}
