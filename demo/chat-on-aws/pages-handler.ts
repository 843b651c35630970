import { handle, type LambdaContext, type LambdaEvent } from 'hono/aws-lambda';
import { secretsClient } from '../../lambdas/shared/adapters/runtime/aws-clients.ts';
import { requiredEnv } from '../../lambdas/shared/adapters/runtime/environment.ts';
import { logger } from '../../lambdas/shared/adapters/runtime/logger.ts';
import { makeSecrets } from '../../lambdas/shared/adapters/runtime/secrets.ts';
import { scenesFor } from '../chat/scenes.ts';
import { sayModel } from '../chat/support-agent.ts';
import { makeChatSite } from './make-chat-site.ts';

/** The chat's pages as a function: an HTTP API of their own hands it every call. */
function openSite() {
  const clock = () => new Date();
  const secrets = makeSecrets({ client: secretsClient(), clock });
  const { origin } = new URL(requiredEnv('CHAT_PUBLIC_URL'));
  return makeChatSite({
    publicUrl: () => origin,
    socketUrl: requiredEnv('CHAT_SOCKET_URL'),
    issuer: () => ({
      issuer: requiredEnv('CHAT_ISSUER'),
      clientId: requiredEnv('CHAT_CLIENT_ID'),
      scope: requiredEnv('CHAT_SCOPE'),
    }),
    cookieSecret: () => secrets.read(requiredEnv('CHAT_COOKIE_SECRET_ID')),
    model: sayModel(process.env.CHAT_MODEL),
    scenes: scenesFor,
    onDefect: (defect) => logger.error('a page could not be made', defect),
    clock,
  });
}

let opened: ReturnType<typeof openSite> | undefined;

export async function handler(event: LambdaEvent, context: LambdaContext) {
  opened ??= openSite();
  return handle(opened)(event, context);
}
