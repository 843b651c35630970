import { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import { requiredEnv } from '../../lambdas/shared/adapters/runtime/environment.ts';

/** Milliseconds: a page that cannot be told must not hold what is said to others. */
const limits = { connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true };

/** Speaks to the chat's own WebSocket, whose address is its endpoint. */
export const connectionsClient = () =>
  new ApiGatewayManagementApiClient({
    endpoint: requiredEnv('CHAT_CONNECTIONS_URL'),
    maxAttempts: 3,
    requestHandler: limits,
  });
