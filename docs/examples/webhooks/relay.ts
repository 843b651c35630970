import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';

type Event = {
  type: string;
  data: {
    requestId: string;
    summary: string;
    reason: string;
    outcome?: string;
    deadline?: string;
    links: { slack?: string; command: string };
  };
};
type Config = { secret: string; pagerDutyKey?: string; pagerDutyUrl?: string; teamsUrl?: string };
const PAGER_DUTY = 'https://events.pagerduty.com/v2/enqueue';

/** PagerDuty's Events API v2: one incident a request, resolved when it is decided. Its texts are plain. */
const forPagerDuty = ({ type, data }: Event, routingKey: string) => ({
  routing_key: routingKey,
  event_action: type === 'request.decided' ? 'resolve' : 'trigger',
  dedup_key: data.requestId,
  payload: { summary: data.summary, source: 'postern', severity: 'warning', custom_details: data },
  links: data.links.slack ? [{ href: data.links.slack, text: 'Slack' }] : [],
});

/** A run of a rich text: plain, where a card's TextBlock would read a requester's words as Markdown. */
const plain = (words: string, weight = 'default') => ({
  type: 'RichTextBlock',
  inlines: [{ type: 'TextRun', text: words, weight }],
});

/** An Adaptive Card for a Teams workflow. Its one button opens Slack. */
function forTeams({ data }: Event) {
  const state = data.outcome ? `Decided: ${data.outcome}` : `Until ${data.deadline}: ${data.links.command}`;
  const content = {
    type: 'AdaptiveCard',
    version: '1.4',
    body: [plain(data.summary, 'bolder'), plain(`“${data.reason}”`), plain(state)],
    actions: data.links.slack ? [{ type: 'Action.OpenUrl', title: 'Open Slack', url: data.links.slack }] : [],
  };
  const contentType = 'application/vnd.microsoft.card.adaptive';
  return { type: 'message', attachments: [{ contentType, content }] };
}

async function post(url: string, body: object): Promise<void> {
  const { ok, status } = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(4_000),
  });
  if (!ok) throw new Error(`${new URL(url).host} answered ${status}`);
}

/** Takes Postern's webhooks, and hands on what is genuine and new. What it fails on, Postern sends again. */
export function makeRelay({ secret, pagerDutyKey, pagerDutyUrl = PAGER_DUTY, teamsUrl }: Config) {
  const webhook = new Webhook(secret);
  const handled = new Set<string>();

  async function take(body: string, headers: Record<string, string>): Promise<number> {
    let event: Event;
    try {
      event = webhook.verify(body, headers) as Event;
    } catch {
      return 401;
    }
    const id = headers['webhook-id'] ?? '';
    if (handled.has(id)) return 204;
    if (pagerDutyKey) await post(pagerDutyUrl, forPagerDuty(event, pagerDutyKey));
    if (teamsUrl) await post(teamsUrl, forTeams(event));
    handled.add(id);
    return 204;
  }

  return createServer(async (request, response) => {
    const status = await take(await text(request), request.headers as Record<string, string>).catch(
      () => 502,
    );
    response.writeHead(status).end();
  });
}
