import { z } from 'zod';

/** The data of the prompt that a keyword matcher can make something of. */
export const promptDataSchema = z.object({
  resources: z.array(z.object({ key: z.string(), purpose: z.string(), actions: z.array(z.string()) })),
  requestedDurationSeconds: z.number().nullable(),
  change: z.unknown(),
  reason: z.string(),
});
export type PromptData = z.infer<typeof promptDataSchema>;

/** Who answers: shown wherever a review is shown. */
export const MODEL = 'offline-keyword-matcher';

/** What no single job needs. */
const TOO_MUCH =
  /\b(every ?thing|all (of )?(the )?(tables?|customers?|data|resources|permissions)|full access|admin(istrator)? access|for ?ever|permanent|ignore|bypass|override|root|unrestricted)\b/i;

/** Words that call for a write; anything else is read. */
const WRITES = /\b(updat|correct|refund|chang|writ|set|creat|open a|add|fix|credit|adjust|disabl|clos)\w*/i;

const READ_ACTION = /:(Get|BatchGet|Query|List|Describe|AdminGet|Scan)/;
/** Words too common to tell one resource from another. */
const COMMON = new Set([
  'bank',
  'table',
  'customer',
  'customers',
  'each',
  'with',
  'their',
  'that',
  'every',
  'requests',
  'request',
  'their',
]);

/** Words of a text in lower case, without a plural's s: `balances` meets `balance`. */
const wordsOf = (text: string): Set<string> =>
  new Set(
    text
      .toLowerCase()
      .split(/[^a-z]+/)
      .filter((word) => word.length > 3 && !COMMON.has(word))
      .map((word) => word.replace(/s$/, '')),
  );

function grantsFor({ resources, reason }: PromptData) {
  const asked = wordsOf(reason);
  const writes = WRITES.test(reason);
  return resources.flatMap(({ key, purpose, actions }) => {
    const offered = wordsOf(`${key.replaceAll('_', ' ')} ${purpose.split(/[,:]/)[0]}`);
    if (![...offered].some((word) => asked.has(word))) return [];
    const wanted = actions.filter((action) =>
      READ_ACTION.test(action) ? !action.endsWith(':Scan') : writes,
    );
    return wanted.length > 0 ? [{ resource: key, actions: wanted }] : [];
  });
}

const judged = (approved: boolean, sentence: string) => ({
  approved,
  durationSeconds: 900,
  risk: 'low' as const,
  authorization: approved ? ('implied' as const) : ('none' as const),
  reason: `Offline keyword matcher: ${sentence}`,
});

/**
 * A review by key words alone, for a machine without a language model. It knows nothing of what a policy
 * means, and says so in its every reason; what it proposes is judged like any other review.
 */
export function propose(data: PromptData) {
  if (data.change !== null && data.change !== undefined) {
    return {
      ...judged(true, 'a change is for people to judge.'),
      risk: 'medium' as const,
      authorization: 'unclear' as const,
    };
  }
  if (TOO_MUCH.test(data.reason))
    return { ...judged(false, 'the reason asks for more than one job needs.'), grants: [] };
  const grants = grantsFor(data);
  if (grants.length === 0)
    return { ...judged(false, 'no word of the reason names a resource that can be granted.'), grants };
  return {
    ...judged(true, `the reason names ${grants.map((grant) => grant.resource).join(', ')}.`),
    durationSeconds: data.requestedDurationSeconds ?? 900,
    risk: grants.some((grant) => grant.actions.some((action) => !READ_ACTION.test(action)))
      ? ('medium' as const)
      : ('low' as const),
    grants,
  };
}
