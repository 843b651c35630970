import * as z from 'zod';
import { readTarget, type Target } from '../../lambdas/shared/messages/message-target.ts';
import type { Presser } from '../find-voter.ts';

const id = z.string().min(1).max(40);
const userSchema = z.looseObject({ id, team_id: id.optional() });
const teamSchema = z.looseObject({ id }).nullish();

/** As much of a `block_actions` payload as is needed. @see https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
const pressSchema = z.looseObject({
  user: userSchema,
  team: teamSchema,
  channel: z.looseObject({ id }),
  trigger_id: z.string().min(1).max(200),
  actions: z.array(z.looseObject({ value: z.string().max(2000).optional() })).length(1),
});

/** What a person has chosen in a modal, by block; each block of ours has one element, `value`. */
const valueSchema = z.looseObject({
  value: z.string().max(3000).nullish(),
  selected_option: z.looseObject({ value: z.string().max(200) }).nullish(),
  selected_options: z.array(z.looseObject({ value: z.string().max(200) })).nullish(),
});
const valuesSchema = z.record(z.string(), z.looseObject({ value: valueSchema }));
export type ModalValues = z.infer<typeof valuesSchema>;

/** As much of a `view_submission` payload as is needed. @see https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload */
const submissionSchema = z.looseObject({
  user: userSchema,
  team: teamSchema,
  view: z.looseObject({
    private_metadata: z.string().max(3000),
    state: z.looseObject({ values: valuesSchema }),
  }),
});

/** A press of one of a message's buttons. `target` is undefined where the button is not one of ours. */
export type Press = {
  readonly presser: Presser;
  readonly channelId: string;
  readonly triggerId: string;
  readonly target: Target | undefined;
};

/** A modal that was sent off. */
export type Submission = {
  readonly presser: Presser;
  readonly target: Target | undefined;
  readonly values: ModalValues;
};

type From = { user: z.infer<typeof userSchema>; team?: z.infer<typeof teamSchema> };

/** A person of another workspace, in a channel that two share, has their own team's id. */
const presserOf = ({ user, team }: From): Presser => ({
  userId: user.id,
  teamId: user.team_id ?? team?.id ?? '',
});

/** Throws where the payload is not one that Slack sends. */
export function readPress(body: unknown): Press {
  const { user, team, channel, trigger_id: triggerId, actions } = pressSchema.parse(body);
  return {
    presser: presserOf({ user, team }),
    channelId: channel.id,
    triggerId,
    target: readTarget(actions[0]?.value),
  };
}

/** Throws where the payload is not one that Slack sends. */
export function readSubmission(body: unknown): Submission {
  const { user, team, view } = submissionSchema.parse(body);
  return {
    presser: presserOf({ user, team }),
    target: readTarget(view.private_metadata),
    values: view.state.values,
  };
}
