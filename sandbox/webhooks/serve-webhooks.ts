import { randomBytes } from 'node:crypto';
import { Hono } from 'hono';
import { html } from 'hono/html';
import { Webhook as Verifier } from 'standardwebhooks';
import type { TopicMessage } from '../aws-endpoint.ts';
import { page } from '../edge/page.ts';
import type { ResolvedTemplate } from '../template/types.ts';
import { webhooksIn } from './webhooks-in.ts';

/** Deliveries that are kept to be shown. */
const MOST_SHOWN = 50;

/** One delivery as it came, and whether its signature holds. */
type CaughtDelivery = {
  readonly webhook: string;
  readonly id: string;
  readonly isGenuine: boolean;
  readonly body: string;
};

/**
 * Where the sandbox's webhooks are posted to, whatever their addresses: each delivery is verified with the library
 * that receivers use, and shown on a page, beside what was published to the topic. It takes what verifies, and
 * nothing else.
 */
export function makeWebhookCatcher(template: ResolvedTemplate, published: () => readonly TopicMessage[]) {
  const secrets: Record<string, string> = Object.fromEntries(
    webhooksIn(template).map(({ name }) => [name, `whsec_${randomBytes(32).toString('base64')}`]),
  );
  const caught: CaughtDelivery[] = [];

  const app = new Hono();
  app.post('/:name', async (c) => {
    const webhook = c.req.param('name');
    const secret = Object.hasOwn(secrets, webhook) ? secrets[webhook] : undefined;
    if (!secret) return c.text('There is no such webhook.\n', 404);
    const body = await c.req.text();
    const isGenuine = verifies(secret, body, c.req.header());
    caught.unshift({ webhook, id: c.req.header('webhook-id') ?? '', isGenuine, body });
    caught.splice(MOST_SHOWN);
    return isGenuine ? c.body(null, 204) : c.text('The signature does not hold.\n', 401);
  });
  app.get('/', (c) => {
    c.header('cache-control', 'no-store');
    return c.html(webhooksPage(caught, published()));
  });

  return {
    app,
    /** What deliveries are signed with, as the secret `postern/webhooks` holds it; undefined where there are none. */
    secret: Object.keys(secrets).length > 0 ? JSON.stringify(secrets) : undefined,
    caught: (): readonly CaughtDelivery[] => caught,
  };
}

export type WebhookCatcher = ReturnType<typeof makeWebhookCatcher>;

function verifies(secret: string, body: string, headers: Record<string, string>): boolean {
  try {
    new Verifier(secret).verify(body, headers);
    return true;
  } catch {
    return false;
  }
}

const webhooksPage = (caught: readonly CaughtDelivery[], published: readonly TopicMessage[]) =>
  page(
    'Webhooks',
    html`<p>
        What those outside are told of requests that people decide: the newest first, until the sandbox ends. On AWS the
        addresses of <code>deployment.json</code> are told; nothing leaves this machine.
      </p>
      <h2>Deliveries</h2>
      ${
        caught.length === 0
          ? html`<p>None yet: ask for something that a person has to approve.</p>`
          : caught.map(
              ({ webhook, id, isGenuine, body }) =>
                html`<p>
                    <code>${webhook}</code> <code>${id}</code>
                    ${isGenuine ? 'signature verified' : 'refused: its signature does not hold'}
                  </p>
                  <pre>${indented(body)}</pre>`,
            )
      }
      <h2>Topic</h2>
      ${
        published.length === 0
          ? html`<p>Nothing was published yet.</p>`
          : published.map(
              ({ topicArn, subject, message }) =>
                html`<p><code>${topicArn}</code> ${subject}</p>
                  <pre>${indented(message)}</pre>`,
            )
      }`,
  );

function indented(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}
