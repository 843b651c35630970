import {
  type ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { callAws } from '../../lambdas/shared/adapters/runtime/call-aws.ts';
import type { Told } from './told.ts';

/** Runs a call about a connection; false where that is gone. */
async function whileThere(call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call();
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'GoneException') return false;
    return callAws('API Gateway', () => Promise.reject(error));
  }
}

/**
 * The connections of the chat's WebSocket.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
 */
export const makeConnections = (client: ApiGatewayManagementApiClient) => ({
  /** Tells a page something; false where it is gone. */
  post: (ConnectionId: string, told: Told): Promise<boolean> =>
    whileThere(() => client.send(new PostToConnectionCommand({ ConnectionId, Data: JSON.stringify(told) }))),
  async close(ConnectionId: string): Promise<void> {
    await whileThere(() => client.send(new DeleteConnectionCommand({ ConnectionId })));
  },
});
export type Connections = ReturnType<typeof makeConnections>;
