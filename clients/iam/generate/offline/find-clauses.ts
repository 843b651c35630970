import { KNOWN_JOBS, type KnownJob, VERBS, type Verb } from './known-jobs.ts';

/** A kind of resource that a text speaks of, what is to be done to it, and what it is called. */
export type Clause = {
  readonly job: KnownJob;
  readonly verbs: readonly Verb[];
  readonly name?: string;
  /** The part of the text that says it, as it stands there. */
  readonly words: string;
};

/** `but never delete anything`: what is not wanted. */
const NEGATED = /\b(?:but not|not|never|without|no)\b[^.,;]*/gi;

/** `as a Lambda function`, `let my lambda read`: who does it, and nothing that it is done to. */
const WHO =
  /\b(?:(?:let|allow|permit)\s+(?:(?:an?|the|my|our|this)\s+)?|(?:for|by|as)\s+an?\s+)(?:new\s+)?(?:lambda(?:\s+function)?|ec2\s+instance|ecs\s+task)\b(?!(?:\s+\S+)?\s+to\s+be\b)/gi;

/** Words that are no names, before or after a kind's. */
const NO_NAME = new Set(
  `a all an and any another as at be but by can dynamodb ec2 every existing for from given has have i in into is it its kinesis lambda
  log message messages my named new of on one only or our s3 secrets sns sqs ssm table that the their them these this those to under
  we where which whose will with called item items object objects data row rows image key keys parameter value values own read write`
    .split(/\s+/)
    .concat('prefix', 'region', 'account', 'encrypted', 'job', 'function'),
);

const NAME = /^[\w./:@+=#,-]*[\w*]\*?$/;

/** A name that stands behind a kind's word (`the bucket reports`, `queue named "x"`), or before it (`the orders table`). */
function nameAround(text: string, start: number, end: number): string | undefined {
  const after = text.slice(end);
  const [, quotedAfter] = /^\s*(?:named|called|:)?\s*["'`“]([^"'`”\s]+)["'`”]/.exec(after) ?? [];
  if (quotedAfter !== undefined) return quotedAfter;
  const [, next = ''] = /^\s+(?:(?:named|called)\s+)?([^\s"'`“”;()]+)/.exec(after) ?? [];
  const following = next.replace(/[.,:]+$/, '');
  if (isName(following)) return following;
  const before = text.slice(0, start);
  const [, quotedBefore] = /["'`“]([^"'`”\s]+)["'`”]\s*$/.exec(before) ?? [];
  if (quotedBefore !== undefined) return quotedBefore;
  const [, last = ''] = /([^\s"'`“”;(),]+)\s*$/.exec(before) ?? [];
  return isName(last) ? last : undefined;
}

const isName = (word: string): boolean =>
  NAME.test(word) && !NO_NAME.has(word.toLowerCase()) && !VERBS.some(([, verb]) => verb.test(word));

type Found = { readonly job: KnownJob; readonly start: number; readonly end: number };

function kindsIn(text: string): Found[] {
  const all = KNOWN_JOBS.flatMap((job) =>
    [...text.matchAll(new RegExp(job.noun, 'gi'))].map(({ 0: word, index }) => ({
      job,
      start: index,
      end: index + word.length,
    })),
  ).sort((first, other) => first.start - other.start || other.end - first.end);
  // A part of a name is no kind: the secret db-secret.
  const whole = all.filter(
    ({ start, end }) => !/[-/_.:]/.test(text[start - 1] ?? '') && !/[-/_:]/.test(text[end] ?? ''),
  );
  // Of words that overlap, the longer one is meant: a state machine is no machine.
  return whole.filter((found, nth) => !whole.slice(0, nth).some((before) => before.end > found.start));
}

const verbsIn = (text: string): Verb[] => VERBS.filter(([, words]) => words.test(text)).map(([verb]) => verb);

/** The kinds of resources that a text names, each with the verbs before it; where there are none, those of the one before. */
export function findClauses(prose: string): Clause[] {
  const blank = (words: string) => ' '.repeat(words.length);
  const text = prose.replace(NEGATED, blank).replace(WHO, blank);
  const found = kindsIn(text);
  let verbs: readonly Verb[] = [];
  let from = 0;
  return found.flatMap((kind, nth) => {
    const own = verbsIn(text.slice(from, kind.start));
    // `read the bucket a and the bucket b`; `from the queue, which it reads` says it behind.
    verbs =
      own.length > 0 ? own : verbs.length > 0 ? verbs : verbsIn(text.slice(kind.end, found[nth + 1]?.start));
    const name = nameAround(text, kind.start, kind.end);
    const to = name === undefined ? kind.end : Math.max(kind.end, text.indexOf(name, from) + name.length);
    const words = prose
      .slice(from, to)
      .replace(/^[\s,.;]*(?:and\b)?\s*/i, '')
      .trim();
    from = to;
    return verbs.length === 0 ? [] : [{ job: kind.job, verbs, words, ...(name !== undefined && { name }) }];
  });
}
