import { createHmac } from 'node:crypto';

/** What the app answered; `body` is parsed where it is JSON. */
export type AppAnswer = { readonly status: number; readonly body: unknown };

/** Slack waits three seconds; a busy machine may take longer without the app being at fault. */
const PATIENCE_MS = 10_000;

/**
 * Sends a call to the app as Slack does, signed.
 * @see https://docs.slack.dev/authentication/verifying-requests-from-slack
 */
export async function callApp(
  requestUrl: string,
  signingSecret: string,
  form: Record<string, string>,
): Promise<AppAnswer> {
  const body = new URLSearchParams(form).toString();
  const timestamp = String(Math.floor(Date.now() / 1000));
  const digest = createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex');
  try {
    const response = await fetch(requestUrl, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-slack-request-timestamp': timestamp,
        'x-slack-signature': `v0=${digest}`,
      },
      body,
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return { status: response.status, body: parsed(await response.text()) };
  } catch {
    return { status: 0, body: '' };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
