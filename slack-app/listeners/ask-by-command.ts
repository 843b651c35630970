import type { App } from '@slack/bolt';
import * as z from 'zod';
import { plain } from '../../lambdas/shared/adapters/slack/slack.ts';
import { jobNamedBy } from '../../lambdas/shared/domain/jobs/job-named-by.ts';
import type { Principal } from '../../lambdas/shared/domain/principal.ts';
import { unescapeSlackText } from '../../lambdas/shared/domain/text/unescape-slack-text.ts';
import { Problem } from '../../lambdas/shared/http/problems.ts';
import { MAX_REASON, newRequestSchema } from '../../lambdas/shared/requests/new-request.ts';
import { type OpeningPorts, openRequest } from '../../lambdas/shared/requests/open-request.ts';
import { ANOTHER_TEAM, NOT_FINISHED, UNKNOWN_USER } from '../views/vote-answer.ts';

/** As much of a slash command as is needed. @see https://docs.slack.dev/interactivity/implementing-slash-commands */
const commandSchema = z.looseObject({
  team_id: z.string().min(1).max(40),
  user_id: z.string().min(1).max(40),
  channel_id: z.string().min(1).max(40),
  text: z.string().default(''),
  trigger_id: z.string().min(1).max(200),
});
type Command = z.infer<typeof commandSchema>;

export type CommandPorts = {
  readonly principals: { findBySlackUser(slackUserId: string): Promise<Principal | undefined> };
  /** The workspace whose commands count. */
  readonly teamId: () => Promise<string>;
  /** What opens a request. */
  readonly opening: OpeningPorts;
  /** Ids and codes only. */
  readonly log: (event: string, fields: Record<string, unknown>) => void;
};

const USAGE =
  'Say what you need and why: /access I need the profile of customer c-1042 to correct an address in ticket 881, or name a job of yours: /access job:nightly-report';

const noSuchJob = (name: string): string =>
  `You have no job ${name}: say in words what you need, or ask by a job that is yours.`;

const tooLong = (characters: number): string =>
  `Nothing was asked: your text has ${characters} characters, and at most ${MAX_REASON} are taken. Say it shorter.`;

/**
 * `/access <reason>`: a person's request, opened as the front door opens it. Who asks is who Slack signed for.
 * Nothing of a session passes through Slack: the answer names the command that claims it.
 */
export function listenToAccess(app: App, ports: CommandPorts): void {
  app.command('/access', async ({ ack, body }) => {
    const command = commandSchema.parse(body);
    const text = await answerTo(command, ports);
    await ack({ response_type: 'ephemeral', ...plain(text) });
  });
}

async function answerTo(command: Command, ports: CommandPorts): Promise<string> {
  const { team_id: teamId, user_id: userId, channel_id: channelId, trigger_id: triggerId } = command;
  if (teamId !== (await ports.teamId())) return ANOTHER_TEAM;
  const caller = await ports.principals.findBySlackUser(userId);
  if (caller?.type !== 'human') {
    ports.log('command refused', { userId });
    return UNKNOWN_USER;
  }
  const reason = unescapeSlackText(command.text).trim();
  if (reason.length > MAX_REASON) return tooLong(reason.length);
  const named = jobNamedBy(reason, caller);
  if (named && !named.job) return noSuchJob(named.name);
  const parsed = newRequestSchema
    .pick({ reason: true })
    .required()
    .safeParse({ reason: named?.job?.purpose ?? reason });
  if (!parsed.success) return USAGE;
  try {
    const { requestId } = await openRequest(
      { reason: parsed.data.reason, job: named?.name, dryRun: false, slackOrigin: { channelId, userId } },
      { caller, idempotencyKey: triggerId },
      ports.opening,
    );
    return `Asked: ${requestId}. You are told here how it goes on.`;
  } catch (error) {
    if (error instanceof Problem) return error.message;
    ports.log('command failed', { userId, error: error instanceof Error ? error.name : 'unknown' });
    return NOT_FINISHED;
  }
}
