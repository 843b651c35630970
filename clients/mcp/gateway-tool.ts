import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import * as z from 'zod';
import type { CatalogView } from '../../lambdas/list-catalog/list-catalog-spec.ts';
import { inOrder, referencesSchema } from '../../lambdas/shared/domain/outside/references.ts';
import type { GatewaySession, McpGateway, McpPorts } from './mcp-ports.ts';
import { answerText } from './run-aws-call.ts';
import type { Extra } from './tell-progress.ts';

/** Milliseconds before its end at which a session is opened anew. */
const RENEW_BEFORE_MS = 60_000;
/** Characters of the list of actions that a model is shown. */
const MOST_LISTED = 4_000;

/** What the server tells a model in its hello, where a gateway makes the calls. */
export const GATEWAY_INSTRUCTIONS = `Postern gives access to AWS for one job at a time. You hold no credentials, and need none.

run_aws makes one AWS call for a job that you name in plain language: what for, and on which data. The gateway asks for the access that the call needs, and holds the call meanwhile. The same reason again goes on with the same session. A refusal that says people are asked: go on with something else, and repeat the very same call in a while. Any other refusal is final for this job: tell the user, and never name a reason that is not true.

list_catalog says what could be granted; list_requests what people are being asked.`;

/** The actions that could ever be granted, by their service, as a catalog lists them. */
export function actionsByService({ resources }: CatalogView): ReadonlyMap<string, readonly string[]> {
  const byService = new Map<string, Set<string>>();
  for (const { action } of resources.flatMap(({ actions }) => actions)) {
    const [service = '', name = ''] = action.split(':');
    byService.set(service, (byService.get(service) ?? new Set()).add(name));
  }
  return new Map([...byService].sort().map(([service, names]) => [service, [...names].sort()]));
}

/** Opens a session for each reason with its references, once; anew where it has ended. */
export function makeGatewaySessions({ open }: McpGateway, now: () => number) {
  const sessions = new Map<string, Promise<GatewaySession>>();
  return async (reason: string, references?: readonly string[]): Promise<GatewaySession> => {
    const key = JSON.stringify([reason, references && inOrder(references)]);
    const before = await sessions.get(key)?.catch(() => undefined);
    if (before && before.expiration.getTime() - now() > RENEW_BEFORE_MS) return before;
    const opening = open(reason, references);
    sessions.set(key, opening);
    opening.catch(() => sessions.delete(key));
    return opening;
  };
}

type Wrap = <Input>(
  run: (input: Input, extra: Extra) => Promise<CallToolResult>,
) => (input: Input, extra: Extra) => Promise<CallToolResult>;

/**
 * Registers `run_aws` for calls through a gateway: of the services and actions that could ever be granted, and no other.
 * Where nothing could be, there is no such tool. The gateway decides each call; the list only spares the model what
 * would be refused.
 */
export function registerGatewayCalls(
  server: McpServer,
  gateway: McpGateway,
  {
    ports,
    wrap,
    hide,
    onOpened,
  }: {
    readonly ports: Pick<McpPorts, 'callAws' | 'region' | 'now'>;
    readonly wrap: Wrap;
    readonly hide: (text: string) => string;
    readonly onOpened: (session: GatewaySession) => void;
  },
): void {
  const actions = actionsByService(gateway.catalog);
  const [first, ...others] = actions.keys();
  if (first === undefined) return;
  const listed = [...actions].map(([service, names]) => `${service}: ${names.join(', ')}`).join('; ');
  const sessionOf = makeGatewaySessions(gateway, ports.now);
  server.registerTool(
    'run_aws',
    {
      title: 'Make one AWS call',
      description: `Makes one AWS API call through the gateway, which asks for the access that it needs, and answers what AWS answered. What you could be granted, by IAM action: ${
        listed.length <= MOST_LISTED ? listed : `${listed.slice(0, MOST_LISTED)}… (list_catalog has all)`
      }. Input is that of the AWS API, for DynamoDB with typed values: {"Key":{"id":{"S":"…"}}}.`,
      inputSchema: {
        reason: z
          .string()
          .min(10)
          .max(2000)
          .describe('The job: what for, on which data. The same for all its calls.'),
        references: referencesSchema
          .optional()
          .describe('Tickets and the like that it is for, as the user names them. Never make one up.'),
        service: z.enum([first, ...others]),
        operation: z.string().max(60).describe('As the AWS API reference names it: GetItem, Query, …'),
        input: z.record(z.string(), z.unknown()).default({}),
        region: z
          .string()
          .regex(/^[a-z]{2}(-[a-z]+)+-\d$/)
          .optional(),
      },
    },
    wrap(
      async ({
        reason,
        references,
        service,
        operation,
        input,
        region,
      }: {
        reason: string;
        references?: string[] | undefined;
        service: string;
        operation: string;
        input: Record<string, unknown>;
        region?: string | undefined;
      }) => {
        const session = await sessionOf(reason, references);
        onOpened(session);
        const call = { service, operation, input, region: region ?? (await ports.region()) };
        const answer = await ports.callAws(session, call);
        return { content: [{ type: 'text' as const, text: answerText(answer, hide) }] };
      },
    ),
  );
}
