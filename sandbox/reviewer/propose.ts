import * as z from 'zod';
import type { Proposal } from '../../lambdas/shared/domain/review.ts';
import { nameResources } from './name-resources.ts';

/** The data of the prompt that a keyword matcher can make something of. */
export const promptDataSchema = z.object({
  resources: z.array(z.object({ key: z.string(), purpose: z.string(), actions: z.array(z.string()) })),
  requestedDurationSeconds: z.number().nullable(),
  change: z.unknown(),
  feedback: z.array(z.object({ resource: z.string().optional(), action: z.string().optional() })),
  reason: z.string(),
});
type PromptData = z.infer<typeof promptDataSchema>;

/** Who answers: shown wherever a review is shown. */
export const MODEL = 'offline-keyword-matcher';

/** Seconds; STS's shortest session. */
const SHORTEST = 900;

/** What no single job needs, and what no honest reason says. */
const TOO_MUCH =
  /\b(every ?thing|all (of )?(the )?(tables?|customers?|data|resources|permissions|accounts)|(full|admin|administrator|root|unrestricted|unlimited) (access|rights|permissions)|for ?ever|permanent(ly)?|(ignore|bypass|override|disregard) (all|any|the|your|previous|these))\b/i;

/** `do not change anything` asks for no change. */
const NEGATED = /\b(?:not|never|without|no)\b[^.,;:]*/gi;
const CHANGES =
  /\b(?:correct(?:ing|ed|ion)|correct (?!balance|amount|account)|(?<!\b(?:an|the|any) )updat(?:e|ing)|adjust\w*|refund\w*|modif\w+|fix(?:ing)?|edit(?:ing)?|chang(?:e|ing) (?!of|in)|disabl(?:e|ing)|(?:clos|reopen)(?:e|ing)? (?:a|the|this|that|their|her|his)\b)/i;
const DELETES = /\b(?:delet(?:e|ing)|drop(?:ping)?|clear(?:ing)? (?:a|the|this|that)\b)/i;
const CREATES = /\b(?:creat(?:e|ing)|(?:add|open|fil|rais)(?:e|ing)? (?:a|an|another|new)\b)/i;

/** What an action's name says it does. A scan is never proposed: it reads the whole table. */
const READ = /:(Get|BatchGet|Query|List|Describe|AdminGet)/;
const CREATE = /:(Put|Create)/;
const DELETE = /:Delete/;

/** The test for an action that the reason calls for. */
function isCalledFor(reason: string): (action: string) => boolean {
  const affirmed = reason.replaceAll(NEGATED, ' ');
  const [changes, creates, deletes] = [CHANGES, CREATES, DELETES].map((words) => words.test(affirmed));
  return (action) => {
    if (action.endsWith(':Scan')) return false;
    if (DELETE.test(action)) return deletes === true;
    return READ.test(action) || (CREATE.test(action) ? creates === true : changes === true);
  };
}

/** What was wrong with the last proposal is left out of this one, unless a shorter session may mend it. */
function withoutFaults(data: PromptData): (resource: string, action: string) => boolean {
  const mayBeTooLong = (data.requestedDurationSeconds ?? SHORTEST) > SHORTEST;
  const faults = mayBeTooLong ? [] : data.feedback;
  return (resource, action) =>
    !faults.some((fault) => fault.resource === resource && (fault.action ?? action) === action);
}

function grantsFor(data: PromptData) {
  const calledFor = isCalledFor(data.reason);
  const isFaultless = withoutFaults(data);
  return nameResources(data.resources, data.reason).flatMap(({ key, actions }) => {
    const wanted = actions.filter((action) => calledFor(action) && isFaultless(key, action));
    return wanted.length > 0 ? [{ resource: key, actions: wanted }] : [];
  });
}

const said = (sentence: string) => `Offline keyword matcher: ${sentence}`;
const refusal = (sentence: string) => ({
  approved: false,
  grants: [],
  durationSeconds: SHORTEST,
  risk: 'low' as const,
  authorization: 'none' as const,
  reason: said(sentence),
});

/**
 * A review by key words alone, for a machine without a language model. It knows nothing of what a policy
 * means, and says so in its every reason; what it proposes is judged like any other review. Of a change, which
 * has no grants, it says only that people must judge it.
 */
export function propose(data: PromptData): Proposal | Omit<Proposal, 'grants'> {
  if (data.change !== null && data.change !== undefined) {
    return {
      approved: true,
      durationSeconds: SHORTEST,
      risk: 'medium',
      authorization: 'unclear',
      reason: said('a change is for people to judge.'),
    };
  }
  if (TOO_MUCH.test(data.reason)) return refusal('the reason asks for more than one job needs.');
  const grants = grantsFor(data);
  if (grants.length === 0) return refusal('no word of the reason names a resource that can be granted.');
  const reads = grants.every(({ actions }) => actions.every((action) => READ.test(action)));
  return {
    approved: true,
    grants,
    durationSeconds: data.feedback.length > 0 ? SHORTEST : (data.requestedDurationSeconds ?? SHORTEST),
    risk: reads ? 'low' : 'medium',
    authorization: 'implied',
    reason: said(`the reason names ${grants.map(({ resource }) => resource).join(', ')}.`),
  };
}
