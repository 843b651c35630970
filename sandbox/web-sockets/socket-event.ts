import { randomUUID } from 'node:crypto';

export type RouteKey = '$connect' | '$disconnect' | '$default';

const EVENT_TYPES = { $connect: 'CONNECT', $disconnect: 'DISCONNECT', $default: 'MESSAGE' } as const;

type Connection = {
  readonly connectionId: string;
  readonly connectedAt: number;
  readonly apiId: string;
  readonly stage: string;
  readonly host: string;
};

/**
 * What happens on a connection, as a WebSocket API hands it to a function.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-mapping-template-reference.html
 */
export const socketEventOf = (
  { connectionId, connectedAt, apiId, stage, host }: Connection,
  routeKey: RouteKey,
  more: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> => ({
  requestContext: {
    ...{ routeKey, eventType: EVENT_TYPES[routeKey], connectionId, connectedAt, apiId, stage },
    domainName: host,
    extendedRequestId: randomUUID(),
    requestId: randomUUID(),
    requestTimeEpoch: Date.now(),
    messageDirection: 'IN',
    identity: { sourceIp: '127.0.0.1' },
  },
  isBase64Encoded: false,
  ...more,
});
