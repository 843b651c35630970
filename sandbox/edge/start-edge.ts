import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { makeConsole } from '../../console/serve/make-console.ts';
import { makeChatApi } from '../../demo/chat/serve-model.ts';
import { problemResponse } from '../../lambdas/shared/http/problem-response.ts';
import { Problem } from '../../lambdas/shared/http/problems.ts';
import { startChatOnAws } from '../chat/start-chat-on-aws.ts';
import { consoleOfSandbox, onLocalhost } from '../console/console-of-sandbox.ts';
import { factSourcesOfSandbox, makeFactSource } from '../issuer/fact-source.ts';
import { issuersOfSandbox } from '../issuer/issuers-of-sandbox.ts';
import { makeIssuer } from '../issuer/make-issuer.ts';
import { listenLocally } from '../listen-locally.ts';
import { MODEL } from '../reviewer/propose.ts';
import { makeResponsesApi } from '../reviewer/serve-responses.ts';
import type { Edge, EdgeOptions } from '../sandbox-parts.ts';
import { startSlackFor } from '../slack/start-slack-for.ts';
import { makeWebhookCatcher } from '../webhooks/serve-webhooks.ts';
import { makeFederation } from './federation.ts';
import { makeApi } from './serve-api.ts';
import { makeOutsideDoor, OUTSIDE_DOOR } from './serve-outside.ts';
import { makeScimDoor, SCIM_DOOR } from './serve-scim.ts';
import { makeTokenDoor, TOKEN_DOOR } from './serve-token-door.ts';

/** Bytes; API Gateway's own bound. A larger body is refused before it is read to its end. */
const MOST_BODY_BYTES = 10 * 1024 * 1024;

/** Headers of every page: nothing from elsewhere, in no frame. */
const CONTENT_SECURITY =
  "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'";

/** The HTTP application of the console's port: the API, sign-in for people and for end users, the reviewer. */
export async function startEdge(options: EdgeOptions): Promise<Edge> {
  let url = '';
  const api = makeApi(options);
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    if (!c.res.headers.has('content-security-policy')) c.header('content-security-policy', CONTENT_SECURITY);
    c.header('x-content-type-options', 'nosniff');
  });
  app.use(
    bodyLimit({
      maxSize: MOST_BODY_BYTES,
      onError: () => problemResponse(new Problem('body_too_large', 'The body is too large.')),
    }),
  );
  app.all('/api/*', (c) => api(c.req.raw));
  const tokenDoor = makeTokenDoor(options);
  app.all(`${TOKEN_DOOR}/*`, (c) => tokenDoor(c.req.raw));
  const scimDoor = makeScimDoor(options);
  app.all(`${SCIM_DOOR}/*`, (c) => scimDoor(c.req.raw));
  const outsideDoor = makeOutsideDoor(options);
  app.post(`${OUTSIDE_DOOR}/facts`, (c) => outsideDoor(c.req.raw));
  app.route('/v1', makeResponsesApi());
  app.route('/v1', makeChatApi());
  const issuer = await makeIssuer(() => `${onLocalhost(url)}/issuer`);
  app.route('/issuer', issuer.app);
  app.route('/federation', makeFederation(options.aws.credentials.find));
  const slack = await startSlackFor(options, () => `${url}/api/slack/events`);
  if (slack.app) app.route('/slack', slack.app);
  const webhooks = makeWebhookCatcher(options.template, options.aws.published);
  app.route('/webhooks', webhooks.app);
  const { chatUrl } = options;
  if (chatUrl) app.get('/chat', (c) => c.redirect(chatUrl(), 302));
  const pages = makeConsole(consoleOfSandbox(options, () => url));
  app.all('*', (c) => pages.fetch(c.req.raw));

  const factSource = makeFactSource();
  const server = await listenLocally(options.port, (request) => app.fetch(request));
  url = server.url;
  const chat = await startChatOnAws(options, `${onLocalhost(url)}/issuer`);
  return {
    url,
    consoleUrl: onLocalhost(url),
    declared: {
      ...reviewerOf(options.env, url),
      FEDERATION_ENDPOINT: `${url}/federation`,
      CONSOLE_URL: onLocalhost(url),
      POSTERN_API: `${url}/api`,
      ...chat?.declared,
      CONSOLE_ORIGIN: new URL(onLocalhost(url)).origin,
      ISSUERS: JSON.stringify(issuersOfSandbox(options.configDir, `${onLocalhost(url)}/issuer`)),
      FACT_SOURCES: JSON.stringify(factSourcesOfSandbox(options.configDir, factSource.publicKey)),
    },
    added: { ...slack.apiUrl(url), WEBHOOKS_SENT_TO: `${url}/webhooks` },
    slack,
    webhooks,
    factSource: factSource.access,
    tokenUrlOf: issuer.tokenUrlOf,
    ...(chat && { chat: { url: chat.url, socketUrl: chat.socketUrl } }),
    async close() {
      await chat?.close();
      await slack.close();
      await server.close();
    },
  };
}

/** A real model where there is a key for one; else the offline matcher, which says everywhere what it is. */
function reviewerOf(env: EdgeOptions['env'], url: string): Record<string, string> {
  if (!env.OPENAI_API_KEY) return { OPENAI_BASE_URL: `${url}/v1`, OPENAI_MODEL: MODEL };
  return {
    ...(env.OPENAI_BASE_URL && { OPENAI_BASE_URL: env.OPENAI_BASE_URL }),
    ...(env.OPENAI_MODEL && { OPENAI_MODEL: env.OPENAI_MODEL }),
  };
}
