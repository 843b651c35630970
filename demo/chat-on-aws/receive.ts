import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { TokenVerdict } from '../../lambdas/shared/domain/identity/token-verdict.ts';
import type { ChatsTable } from './chats-table.ts';
import type { Connections } from './connections.ts';
import { mayBegin, ownerOf } from './conversation-row.ts';
import { readSaid } from './read-said.ts';
import { closesConnection, type RefusalCode, refusal } from './refusals.ts';
import type { Work } from './sealed-work.ts';

/**
 * As much of a WebSocket API's event as is needed.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-mapping-template-reference.html
 */
const eventSchema = z.object({
  requestContext: z.object({
    routeKey: z.enum(['$connect', '$disconnect', '$default']),
    connectionId: z.string().min(1).max(128),
    connectedAt: z.number(),
  }),
  headers: z.record(z.string(), z.string()).nullish(),
  queryStringParameters: z.record(z.string(), z.string()).nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
});
type Event = z.infer<typeof eventSchema>;

type Ports = {
  /** The pages from which connections are made, and no others. */
  readonly origin: () => string;
  readonly verify: (token: string) => Promise<TokenVerdict>;
  readonly chats: Pick<ChatsTable, 'count' | 'take' | 'giveUp' | 'forget'>;
  /** Has it answered. Throws where it cannot be. */
  readonly begin: (work: Work) => Promise<void>;
  readonly connections: Connections;
  readonly clock: () => Date;
  readonly warn: (fields: Record<string, unknown>) => void;
};

const headerOf = ({ headers }: Event, name: string): string | undefined =>
  Object.entries(headers ?? {}).find(([key]) => key.toLowerCase() === name)?.[1];

/** Whether a connection may be made: from the chat's page, and with nothing in its address or beside it that could be a token. */
export function mayConnect(event: Event, origin: string): boolean {
  if (Object.keys(event.queryStringParameters ?? {}).length > 0) return false;
  if (headerOf(event, 'sec-websocket-protocol') !== undefined) return false;
  if (headerOf(event, 'authorization') !== undefined) return false;
  return headerOf(event, 'origin') === origin;
}

/** Receives what comes over the chat's WebSocket: who says it is verified before anything else, and then it is handed on. */
export function makeReceive({ origin, verify, chats, begin, connections, clock, warn }: Ports) {
  /** Why it is not taken; undefined where it is. */
  async function take({ requestContext, body, isBase64Encoded }: Event): Promise<RefusalCode | undefined> {
    const { connectionId, connectedAt } = requestContext;
    const said = readSaid(isBase64Encoded ? undefined : (body ?? undefined));
    if (typeof said === 'string') return said;
    const verdict = await verify(said.token);
    if (verdict.outcome !== 'verified') {
      warn({ connectionId, because: verdict.because });
      return verdict.outcome === 'unavailable' ? 'unavailable' : 'signed_out';
    }
    const { subject } = verdict;
    const owner = ownerOf(subject);
    if (!(await chats.count(owner))) return 'too_often';
    const taken = { connectionId, run: randomUUID(), owner };
    const isNew = mayBegin(connectedAt, clock().getTime());
    const refused = await chats.take(taken, { isNew });
    if (refused) return refused;
    try {
      await begin({ connectionId, run: taken.run, subject, token: said.token, say: said.say });
      return undefined;
    } catch (error) {
      warn({ connectionId, because: error instanceof Error ? error.name : 'unknown' });
      await chats.giveUp(taken);
      return 'unavailable';
    }
  }

  return async (input: unknown): Promise<{ statusCode: number }> => {
    const event = eventSchema.parse(input);
    const { routeKey, connectionId } = event.requestContext;
    if (routeKey === '$connect') return { statusCode: mayConnect(event, origin()) ? 200 : 403 };
    if (routeKey === '$disconnect') {
      await chats.forget(connectionId);
      return { statusCode: 200 };
    }
    const refused = await take(event);
    if (refused) {
      const isThere = await connections.post(connectionId, refusal(refused));
      if (isThere && closesConnection(refused)) await connections.close(connectionId);
    }
    return { statusCode: 200 };
  };
}
