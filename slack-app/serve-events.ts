import { AwsLambdaReceiver } from '@slack/bolt';
import * as z from 'zod';
import { silentLogger } from '../lambdas/shared/adapters/slack/slack.ts';
import { makeSlackApp, type SlackAppPorts } from './app.ts';
import { isSigned, MOST_SECONDS_OFF } from './check-signature.ts';

/** As much of a REST API proxy event (payload 1.0) as is needed. */
const eventSchema = z.looseObject({
  path: z.string(),
  headers: z.record(z.string(), z.string()).nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
});

const REFUSED = { statusCode: 401, body: '' };

/** Seconds for which a signature is remembered: as long as its time could be taken, both ways. */
const REMEMBER = 2 * MOST_SECONDS_OFF;

/** Header names are lower case, as HTTP/2 has them; API Gateway keeps what the client wrote. */
const lowered = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

type AwsEvent = Parameters<ReturnType<AwsLambdaReceiver['toHandler']>>[0];

/**
 * Serves Slack's calls as API Gateway hands them over. INVARIANT: a call that Slack did not sign, not just now,
 * or that came before, ends here with 401; Bolt never sees it.
 */
export function serveEvents(ports: SlackAppPorts, signingSecret: () => Promise<string>) {
  // The signature is checked below, together with its age both ways.
  const receiver = new AwsLambdaReceiver({
    signingSecret: '',
    signatureVerification: false,
    logger: silentLogger,
  });
  makeSlackApp(receiver, ports);
  const handle = receiver.toHandler();

  return async (event: unknown) => {
    const parsed = eventSchema.safeParse(event);
    if (!parsed.success) return { statusCode: 400, body: '' };
    const { headers, body: sent, isBase64Encoded, path } = parsed.data;
    const from = lowered(headers ?? {});
    const body = isBase64Encoded ? Buffer.from(sent ?? '', 'base64').toString('utf8') : (sent ?? '');
    const signature = from['x-slack-signature'];
    const call = { body, signature, timestamp: from['x-slack-request-timestamp'] };
    if (!isSigned(call, await signingSecret(), ports.clock())) {
      ports.log('call refused', { because: 'signature' });
      return REFUSED;
    }
    if (!(await ports.once.first(`signature#${signature}`, REMEMBER))) {
      ports.log('call refused', { because: 'replayed' });
      return REFUSED;
    }
    try {
      // Bolt would read a base64 body as ASCII.
      return await handle(
        { path, headers: from, body, isBase64Encoded: false } as unknown as AwsEvent,
        undefined,
      );
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      ports.log('call refused', { because: 'not JSON' });
      return { statusCode: 400, body: '' };
    }
  };
}
