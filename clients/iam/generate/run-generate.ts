import type { AskReviewer } from '../../../lambdas/shared/domain/review.ts';
import type { IamData } from '../../../policy/data/iam-data.ts';
import { answerWhy } from '../../../policy/generate/answer-why.ts';
import { type Generated, generate } from '../../../policy/generate/generate.ts';
import type { Intent, Question } from '../../../policy/generate/intent.ts';
import { readBefore, refinedFrom, trustRefinedFrom } from '../../../policy/generate/refine.ts';
import { PosternError } from '../../sdk/postern-error.ts';
import { askIntent, MOST_PROSE } from './ask-intent.ts';
import type { By, GeneratedFile, RefinedReport, Report } from './generated-file.ts';
import { withNames } from './ground-intent.ts';

/** What is to be generated: prose, or an intent that somebody has already. */
export type Wanted = {
  readonly prose?: string | undefined;
  readonly intent?: Intent | undefined;
  /** What the intent was read of. */
  readonly said?: readonly string[] | undefined;
  readonly answers: Readonly<Record<string, string>>;
  /** What it refines. */
  readonly before?: GeneratedFile | undefined;
};

export type Outcome =
  | { readonly kind: 'generated'; readonly report: Report }
  | {
      readonly kind: 'questions';
      readonly questions: readonly Question[];
      readonly readBy: By;
      readonly prose: readonly string[];
      readonly intent: Intent;
    }
  | { readonly kind: 'answer'; readonly lines: readonly string[]; readonly readBy: By };

/** Who reads the prose. */
export type Asker = { readonly ask: AskReviewer; readonly isOffline: boolean };

const refused = (detail: string): PosternError => new PosternError({ code: 'invalid_request', detail });

function checkProse(prose: string): void {
  if (prose.trim().length < 3) throw refused('Say what is to be done, on which resources.');
  if (prose.length > MOST_PROSE)
    throw refused(`It has ${prose.length} characters: no more than ${MOST_PROSE} are read.`);
}

/** The policies of what was generated before, built of its intent; undefined where that leaves something open. */
function builtBefore({ intent }: GeneratedFile, data: IamData): Generated | undefined {
  const made = generate(intentOf(intent), data);
  return made.kind === 'generated' ? made.generated : undefined;
}

/** An intent as it stands in a file. */
export const intentOf = ({ accesses, answers }: GeneratedFile['intent']): Intent => ({
  accesses: accesses.map(({ type, name, ...rest }) => ({
    ...rest,
    ...(type !== undefined && { type }),
    ...(name !== undefined && { name }),
  })),
  answers,
});

type Read = { readonly intent: Intent; readonly readBy: By; readonly prose: readonly string[] };

const NO_MODEL: By = { model: 'none', isOffline: true };

/** The intent, by a model where there is none yet; or the answer to a question. */
async function understood(
  { prose, intent, said, before }: Wanted,
  openAsker: () => Promise<Asker>,
  data: IamData,
): Promise<Read | Extract<Outcome, { kind: 'answer' }>> {
  const earlier = before?.prose ?? [];
  if (prose === undefined) {
    const given = intent ?? (before && intentOf(before.intent));
    if (!given) throw refused('Say what is to be done, on which resources.');
    return { intent: given, readBy: NO_MODEL, prose: said ?? earlier };
  }
  checkProse(prose);
  const { ask, isOffline } = await openAsker();
  const all = [...earlier, prose];
  const read = await askIntent(ask, { prose: all, before: before && intentOf(before.intent) }, data);
  const readBy = { model: read.model, isOffline };
  if (read.kind === 'policy') return { intent: read.intent, readBy, prose: all };
  const made = before && builtBefore(before, data);
  return { kind: 'answer', lines: answerWhy(read.about, made, data), readBy };
}

/**
 * Prose to policies, questions or an answer. A refinement is proved to be within the last, or said to be wider and by what.
 * Throws `invalid_request` where what was given cannot be used, and what asking a model throws.
 */
export async function runGenerate(
  wanted: Wanted,
  openAsker: () => Promise<Asker>,
  data: IamData,
): Promise<Outcome> {
  const read = await understood(wanted, openAsker, data);
  if ('kind' in read) return read;
  const { readBy, prose } = read;
  const intent = { ...read.intent, answers: { ...read.intent.answers, ...wanted.answers } };
  const made = generate(intent, data);
  if (made.kind === 'problems') throw refused(made.problems.slice(0, 5).join('; '));
  if (made.kind === 'questions')
    return { kind: 'questions', questions: made.questions, readBy, prose, intent };
  const refined = wanted.before && refinedOf(wanted.before, made.generated, data);
  return {
    kind: 'generated',
    report: { ...made.generated, readBy, prose, intent: withNames(intent), ...(refined && { refined }) },
  };
}

/** Undefined where there were no policies yet, only questions. */
function refinedOf(before: GeneratedFile, generated: Generated, data: IamData): RefinedReport | undefined {
  if (before.permissions === undefined) return undefined;
  const permissions = readBefore(before.permissions, 'identity');
  if (!permissions) throw refused('The permissions to be refined are no policy any more.');
  const { proof, widerBy } = refinedFrom(permissions, generated, data.known);
  const trust = before.trust === undefined ? undefined : readBefore(before.trust, 'trust');
  return {
    permissions: proof,
    widerBy,
    ...(trust && { trust: trustRefinedFrom(trust, generated, data.known) }),
  };
}
