import * as z from 'zod';
import { outReasonSchema } from '../principal.ts';
import type { DirectoryGroup, DirectoryUser } from './directory.ts';

/** The directory as it was read. What could not be read is told by its key. */
export type Directory = {
  readonly users: readonly DirectoryUser[];
  readonly groups: readonly DirectoryGroup[];
  readonly unreadable: readonly { readonly kind: string; readonly id: string }[];
};

/** What keeps somebody out, or a template from being what it says. */
export const peopleProblemSchema = z.union([
  z.object({
    code: outReasonSchema.exclude(['left']),
    user: z.string(),
    /** Untrusted text. */
    userName: z.string(),
  }),
  /** `many`: more than one group of the directory has the name; only who is in all of them counts. */
  z.object({ code: z.enum(['group_missing', 'group_many']), template: z.string(), group: z.string() }),
  z.object({ code: z.literal('unreadable'), kind: z.string(), id: z.string() }),
  /** Slack could not be asked who somebody is: they have no Slack user until it can. */
  z.object({ code: z.literal('slack_unavailable') }),
]);
export type PeopleProblem = z.infer<typeof peopleProblemSchema>;

/** Problems that are kept; the number of all of them is told besides. */
export const MOST_PROBLEMS = 100;

/** What came of the last reading of the directory. */
export const peopleStateSchema = z.object({
  readAt: z.iso.datetime(),
  users: z.number().int(),
  groups: z.number().int(),
  /** Principals that are in. */
  people: z.number().int(),
  problemCount: z.number().int(),
  problems: z.array(peopleProblemSchema).max(MOST_PROBLEMS),
});
export type PeopleState = z.infer<typeof peopleStateSchema>;
