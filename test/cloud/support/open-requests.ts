import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { ApiAnswer, ApiCaller } from '../../../demo/call-api.ts';
import { idOf } from '../../../demo/demo-moves.ts';
import { totpOf } from '../../../lambdas/shared/votes/check-step-up.ts';
import type { Message } from '../../../sandbox/slack/workspace.ts';
import { enrol } from '../../../scripts/enrol-step-up.ts';
import { eventually } from './read-outcome.ts';
import type { Emulator } from './start-emulator.ts';
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

/** The newest message about a request that can still be answered, in whichever channel it is asked in. */
export async function askedAbout(
  { slack }: Outside,
  channels: readonly string[],
  id: string,
): Promise<Message> {
  const found = await eventually(
    async () =>
      channels
        .flatMap((channel) => slack.workspace.messagesIn(channel))
        .findLast(({ blocks }) => [id, '"approve"'].every((text) => JSON.stringify(blocks).includes(text))),
    (message) => message !== undefined,
  );
  if (!found) throw new Error(`nobody can answer ${id}`);
  return found;
}

/** Presses Approve; where a code is asked for, enters this one, or leaves it to somebody else. */
export async function approve(
  { slack }: Outside,
  userId: string,
  message: Message,
  code?: string,
): Promise<void> {
  await slack.click(userId, message, 'approve');
  if (slack.workspace.viewOf(userId)) await slack.submit(userId, code === undefined ? {} : { code });
}

/** Asks for another policy text of a principal, which two people have to agree to; answers once they are asked. */
export async function proposePolicy(caller: ApiCaller, target: string): Promise<string> {
  const reason = 'The reports are monthly from now on.';
  const proposal = 'May read the operational metrics and the quarterly statements, for monthly reports.';
  const opened = await caller('POST', '/changes?wait=20', { kind: 'policy', target, proposal, reason });
  const id = idOf(opened);
  const status = await statusOf(caller, id, (now) => now !== 'PENDING');
  if (status !== 'AWAITING_APPROVAL') throw new Error(`${id} is ${status}: ${JSON.stringify(opened.body)}`);
  return id;
}

/** Enrols an approver's authenticator, as `npm run step-up` does; answers what shows their code of now. */
export async function enrolStepUp({ root }: Emulator, principal: string): Promise<() => string> {
  const secret = await enrol(new SecretsManagerClient(root), principal, { replace: false });
  return () => totpOf(secret).generate();
}
