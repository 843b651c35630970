import { setTimeout as sleep } from 'node:timers/promises';
import { type ApiAnswer, type ApiCaller, keyOf, makeApiCaller, subjectTokenOf } from './call-api.ts';
import type { DemoAccess, DemoPlace, DemoSlack } from './demo-place.ts';

/** `200`, or a refusal with its code, or a state of the request; then its first reason. */
export function told({ status, body }: ApiAnswer): string {
  const [reason] = (body.reasons ?? []) as { code: string }[];
  return [status, status < 300 ? body.status : body.code, reason?.code ?? body.closedBecause]
    .filter((part) => part !== undefined)
    .join(' ');
}

/** What the bank's rows of a customer are keyed by. */
export const subjectIdOf = ({ subjects }: DemoAccess, customer: string): string =>
  subjects[customer]?.id ?? customer;

/** Whose rows the session of a decided request would reach; undefined where it would reach none. */
export function reach({ body }: ApiAnswer, access: DemoAccess): string | undefined {
  const { entitlement } = (body.decision ?? {}) as { entitlement?: { sessionPolicy: string } };
  const isReached = (customer: string) => entitlement?.sessionPolicy.includes(subjectIdOf(access, customer));
  return entitlement && Object.keys(access.subjects).filter(isReached).join(', ');
}

export const idOf = ({ body }: ApiAnswer): string => String(body.requestId);

/** Asks, for a minute at most, until the answer is right; answers the last one. */
export async function soon<T>(ask: () => Promise<T>, isRight: (answer: T) => boolean): Promise<T> {
  const end = Date.now() + 60_000;
  for (;;) {
    const answer = await ask();
    if (isRight(answer) || Date.now() > end) return answer;
    await sleep(50);
  }
}

/** The status of a request once people have answered. */
export const decidedStatus = (caller: ApiCaller, id: string): Promise<string> =>
  soon(
    async () => String((await caller('GET', `/requests/${id}`)).body.status),
    (status) => status !== 'AWAITING_APPROVAL',
  );

/** What people and agents do in the demo: call the API, and press buttons in the sandbox's own Slack. */
export function makeDemoMoves<Message extends { readonly blocks: readonly unknown[] }>(
  { urls, access }: DemoPlace<Message>,
  slack: DemoSlack<Message>,
) {
  /** Calls the API as one of the demo's principals. */
  const as = (id: string): ApiCaller => makeApiCaller(urls.api, keyOf(access, id));
  const agent = as('customer_support_agent');
  /** The agent's call, in the chat of a customer. */
  const inChatOf = async (subject: string, path: string, body: object = {}) => {
    const token = await subjectTokenOf(access, subject);
    return 'reason' in body
      ? agent('POST', path, { ...body, subjectToken: token })
      : agent('POST', path, body, { 'x-subject-token': token });
  };

  /** Presses a button of the message about a request, once it is there: Approve unless told. */
  async function press(userId: string, id: string, button = 'approve'): Promise<void> {
    // The requester's own notice names the request too, and may be there first; it has no button.
    const find = () =>
      slack.workspace
        .all()
        .find(({ blocks }) => [id, '"approve"'].every((text) => JSON.stringify(blocks).includes(text)));
    const message = await soon(
      async () => find(),
      (found) => found !== undefined,
    );
    if (message) await slack.click(userId, message, button);
  }

  return { as, inChatOf, press };
}
