import type { GeneratedFile, Report } from '../../clients/iam/generate/generated-file.ts';
import { askOffline } from '../../clients/iam/generate/offline/ask-offline.ts';
import { type Asker, intentOf, runGenerate, type Wanted } from '../../clients/iam/generate/run-generate.ts';
import { PosternError } from '../../clients/sdk/postern-error.ts';
import { problemOfAnswer } from '../../policy/generate/answer-problems.ts';
import type { Question } from '../../policy/generate/intent.ts';
import type { GenerateContent, ShownQuestion } from '../views/pages/generate-page.ts';
import { type Carried, type Read, readCarried, writeCarried } from './carried.ts';
import { iamData } from './iam-data.ts';
import { showMade } from './show-made.ts';

export type OpenAsker = () => Promise<Asker>;

/** Where nothing else reads the prose: key words, in this process. */
export const openOffline: OpenAsker = async () => ({ ask: askOffline, isOffline: true });

const GROUP = /^[A-Za-z][\w-]{0,63}$/;

/** What is asked of an asker that must not be: all that it takes is there. */
const askNobody: OpenAsker = () => Promise.reject(new Error('nothing is left to be read'));

type Known = Pick<Read, 'prose' | 'intent'>;

const wantedOf = ({ prose, intent }: Known): Wanted => ({
  intent: intentOf(intent),
  said: prose,
  answers: {},
});

/** What was made before, made again of what was understood: no form is believed about a policy. */
async function remade(before: Known): Promise<GeneratedFile> {
  const outcome = await runGenerate(wantedOf(before), askNobody, iamData());
  if (outcome.kind !== 'generated') return before;
  const { permissions, trust } = outcome.report;
  return { ...before, permissions, ...(trust && { trust: trust.document }) };
}

type Step =
  | { readonly kind: 'made'; readonly report: Report }
  | { readonly kind: 'questions'; readonly questions: readonly Question[] };

/** Where what is carried stands. */
async function stepOf({ read, before }: Carried): Promise<Step> {
  const wanted = { ...wantedOf(read), before: before && (await remade(before)) };
  const outcome = await runGenerate(wanted, askNobody, iamData());
  if (outcome.kind === 'questions') return { kind: 'questions', questions: outcome.questions };
  if (outcome.kind === 'answer') throw new Error('an intent answers no question');
  return { kind: 'made', report: { ...outcome.report, readBy: read.readBy } };
}

/** What a page shows of what is carried. */
async function shown(carried: Carried, group: string): Promise<GenerateContent> {
  const step = await stepOf(carried);
  const { prose, readBy } = carried.read;
  const common = { said: prose, readBy, carried: writeCarried(carried), group };
  return step.kind === 'questions'
    ? { ...common, questions: step.questions }
    : { ...common, made: showMade(step.report, group) };
}

/** Reads what was typed: a job, a change of what was made, or a question about it. */
async function readProse(
  prose: string,
  carried: Carried | undefined,
  group: string,
  openAsker: OpenAsker,
): Promise<GenerateContent> {
  const before = carried && (await remade(carried.read));
  const outcome = await runGenerate({ prose, answers: {}, before }, openAsker, iamData());
  const { readBy } = outcome.kind === 'generated' ? outcome.report : outcome;
  if (outcome.kind === 'answer')
    return { ...(carried && (await shown(carried, group))), group, answer: { lines: outcome.lines, readBy } };
  const { prose: said, intent } = outcome.kind === 'generated' ? outcome.report : outcome;
  const read = { prose: [...said], intent: withAccesses(intent), readBy };
  return shown({ read, ...(carried && { before: carried.read }) }, group);
}

const withAccesses = ({ accesses, answers }: ReturnType<typeof intentOf>): Read['intent'] => ({
  accesses: accesses.map(({ actions, ...access }) => ({ ...access, actions: [...actions] })),
  answers: { ...answers },
});

/** Takes the answers to what is open, each by itself: what is wrong with one stands beside it. */
async function takeAnswers(carried: Carried, form: URLSearchParams, group: string): Promise<GenerateContent> {
  const first = await shown(carried, group);
  if (!first.questions) return first;
  const { questions, ...rest } = first;
  const intent = intentOf(carried.read.intent);
  const taken: Record<string, string> = {};
  const answered = questions.map((question): ShownQuestion => {
    const typed = (form.get(`answer.${question.id}`) ?? '').trim();
    if (typed === '') return question;
    const problem = problemOfAnswer(question.id, typed, intent, iamData());
    if (problem !== undefined) return { ...question, typed, problem };
    taken[question.id] = typed;
    return { ...question, typed };
  });
  if (Object.keys(taken).length === 0) return { ...rest, questions: answered };
  const read = {
    ...carried.read,
    intent: { ...carried.read.intent, answers: { ...intent.answers, ...taken } },
  };
  try {
    const next = await shown({ ...carried, read }, group);
    const wrong = answered.filter(({ problem }) => problem !== undefined);
    const open = next.questions?.map(
      (question): ShownQuestion => wrong.find(({ id }) => id === question.id) ?? question,
    );
    return { ...next, ...(open && { questions: open }) };
  } catch (error) {
    // Each is well formed, and together they are not.
    return { ...rest, questions: answered, problem: problemOf(error) };
  }
}

/** What is wrong, for whoever typed it. Throws what is a fault of ours. */
function problemOf(error: unknown): string {
  if (error instanceof PosternError) return error.message;
  throw error;
}

/**
 * One step of making a policy: what a form says, to what its page shows. What was said and understood rides in the form
 * and is read anew; nothing is kept here.
 */
export async function generatePolicy(form: URLSearchParams, openAsker: OpenAsker): Promise<GenerateContent> {
  const typedGroup = (form.get('group') ?? '').trim();
  const group = GROUP.test(typedGroup) ? typedGroup : undefined;
  const prose = (form.get('prose') ?? '').replaceAll('\r\n', '\n').trim();
  let carried: Carried | undefined;
  try {
    carried = readCarried(form.get('carried'));
    if (prose !== '' || carried === undefined)
      return await readProse(prose, carried, group ?? 'analysts', openAsker);
    const content = await takeAnswers(carried, form, group ?? 'analysts');
    return typedGroup === '' || group
      ? content
      : { ...content, problem: 'A group is a word of letters, digits, _ and -.' };
  } catch (error) {
    const problem = problemOf(error);
    const isDown = error instanceof PosternError && error.code === 'reviewer_unavailable';
    const last = carried && (await shown(carried, group ?? 'analysts').catch(() => undefined));
    return {
      ...last,
      prose,
      group: group ?? 'analysts',
      problem: isDown ? 'The model could not be asked just now.' : problem,
      isDown,
    };
  }
}
