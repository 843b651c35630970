import type { ApiAnswer, ApiCaller } from '../../../demo/call-api.ts';
import { idOf } from '../../../demo/demo-moves.ts';
import type { Message } from '../../../sandbox/slack/workspace.ts';
import { eventually } from './read-outcome.ts';
import type { Outside } from './start-outside.ts';

export const REASONS = {
  metrics: 'The weekly report needs the operational metrics.',
  statements: 'The supervisory authority asks for the quarterly statements.',
  profile: 'I need the profile of a customer for a case.',
} as const;

/** Asks, and answers the request's id once it has been decided that far; fails where it comes to another status. */
export async function ask(caller: ApiCaller, reason: string, until: string): Promise<string> {
  const opened = await caller('POST', '/requests?wait=20', { reason });
  const id = idOf(opened);
  const status = await statusOf(caller, id, (now) => now !== 'PENDING');
  if (status !== until) throw new Error(`${id} is ${status}: ${JSON.stringify(opened.body)}`);
  return id;
}

/** The status of a request once it is right; after minutes, whatever it is. */
export const statusOf = (
  caller: ApiCaller,
  id: string,
  isRight: (status: string) => boolean,
): Promise<string> =>
  eventually(async () => String((await caller('GET', `/requests/${id}`)).body.status), isRight);

export const claim = (caller: ApiCaller, id: string): Promise<ApiAnswer> =>
  caller('POST', `/requests/${id}/credentials`, {});

/** The message about a request in a channel, once it is there. */
export async function messageIn({ slack }: Outside, channel: string, id: string): Promise<Message> {
  const found = await eventually(
    async () => slack.workspace.messagesIn(channel).find(({ blocks }) => JSON.stringify(blocks).includes(id)),
    (message) => message !== undefined,
  );
  if (!found) throw new Error(`nobody was asked in ${channel} about ${id}`);
  return found;
}
