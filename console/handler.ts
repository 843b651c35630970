import { handle, type LambdaContext, type LambdaEvent } from 'hono/aws-lambda';
import * as z from 'zod';
import { secretsClient } from '../lambdas/shared/adapters/runtime/aws-clients.ts';
import { requiredEnv } from '../lambdas/shared/adapters/runtime/environment.ts';
import { logger } from '../lambdas/shared/adapters/runtime/logger.ts';
import { makeSecrets } from '../lambdas/shared/adapters/runtime/secrets.ts';
import { hostsOf } from '../lambdas/shared/domain/partition-hosts.ts';
import { makeConsole } from './serve/make-console.ts';

const eventSchema = z.looseObject({
  requestContext: z.looseObject({ domainName: z.string().min(1).max(255) }),
});

/** The name by which browsers found the function: API Gateway's or the organisation's, and never a caller's header. */
let reachedAt = '';

/** The console as a function: an HTTP API hands it every call of its host, one at a time. */
function openConsole() {
  const clock = () => new Date();
  const secrets = makeSecrets({ client: secretsClient(), clock });
  const signIn = hostsOf(`arn:${requiredEnv('POSTERN_PARTITION')}:iam::`)?.signIn;
  return makeConsole({
    publicUrl: () => process.env.CONSOLE_PUBLIC_URL || `https://${reachedAt}`,
    apiUrl: () => requiredEnv('TOKEN_API_URL'),
    issuer: () => ({
      issuer: requiredEnv('ISSUER'),
      clientId: requiredEnv('CLIENT_ID'),
      scope: requiredEnv('SCOPE'),
    }),
    cookieSecret: () => secrets.read(requiredEnv('CONSOLE_SECRET_ID')),
    awsSignIn: () => (signIn ? [`https://${signIn}`, `https://*.${signIn}`] : []),
    // A function's answer is whole before it is sent.
    streams: false,
    onDefect: (defect) => logger.error('a page could not be made', defect),
    clock,
  });
}

let opened: ReturnType<typeof openConsole> | undefined;

export async function handler(event: LambdaEvent, context: LambdaContext) {
  const { domainName } = eventSchema.parse(event).requestContext;
  reachedAt = domainName;
  opened ??= openConsole();
  return handle(opened)(event, context);
}
