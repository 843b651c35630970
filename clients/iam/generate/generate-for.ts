import { visibleText } from '../../../lambdas/shared/domain/text/show-hostile-text.ts';
import { problemOfAnswer } from '../../../policy/generate/answer-problems.ts';
import { catalogDraftOf } from '../../../policy/generate/catalog-entries.ts';
import type { CliContext } from '../../cli/cli-context.ts';
import { PosternError } from '../../sdk/postern-error.ts';
import { readIamData } from '../read-iam-data.ts';
import { askInTerminal } from './ask-in-terminal.ts';
import { cdkOf } from './formats/cdk-of.ts';
import { cloudformationOf } from './formats/cloudformation-of.ts';
import { describeGenerated, sayReader } from './formats/describe-generated.ts';
import { terraformOf } from './formats/terraform-of.ts';
import type { Format, Options } from './generate-options.ts';
import { plainGenerated, type Report, readGeneratedFile } from './generated-file.ts';
import { openAsker } from './open-asker.ts';
import { readAnswers } from './read-answers.ts';
import { intentOf, type Outcome, runGenerate, type Wanted } from './run-generate.ts';

const SHOW: Record<Format, (report: Report) => string> = {
  text: describeGenerated,
  json: (report) => JSON.stringify(plainGenerated(report), null, 2),
  cdk: cdkOf,
  terraform: terraformOf,
  cloudformation: cloudformationOf,
};

/** What it ends with where it was not generated, for want of answers. */
const EXIT_QUESTIONS = 3;

const GROUP = /^[A-Za-z][\w-]{0,63}$/;

/** What `postern iam generate` does with its words and options. */
export async function generateFor(
  words: readonly string[],
  options: Options,
  isJson: boolean,
  context: CliContext,
): Promise<void> {
  if (options.asCatalog !== undefined && !GROUP.test(options.asCatalog))
    throw new PosternError({
      code: 'invalid_request',
      detail: 'A group is a word of letters, digits, _ and -.',
    });
  const outcome = await generateWith(await wantedOf(words, options), options, isJson, context);
  tell(outcome, options, isJson, context);
}

async function wantedOf(words: readonly string[], { answer, intent, refine }: Options): Promise<Wanted> {
  if (intent !== undefined && words.length > 0)
    throw new PosternError({
      code: 'invalid_request',
      detail: '--intent goes on with what was said: take the words out.',
    });
  const answers = readAnswers(answer);
  const before = refine === undefined ? undefined : await readGeneratedFile(refine);
  if (intent === undefined) return { prose: words.length > 0 ? words.join(' ') : undefined, answers, before };
  const { intent: given, prose: said } = await readGeneratedFile(intent);
  return { intent: intentOf(given), said, answers, before };
}

/** Generates, and asks whoever is at the terminal for what is open. */
async function generateWith(
  wanted: Wanted,
  { offline }: Options,
  isJson: boolean,
  context: CliContext,
): Promise<Outcome> {
  const data = readIamData();
  const ask = () => openAsker(context.env, offline);
  let outcome = await runGenerate(wanted, ask, data);
  const isInteractive = context.isWatched && process.stdin.isTTY === true && !isJson;
  while (outcome.kind === 'questions' && isInteractive) {
    const { intent, questions } = outcome;
    const given = await askInTerminal(questions, context);
    const answers = { ...intent.answers };
    for (const [id, value] of Object.entries(given)) {
      const problem = problemOfAnswer(id, value, intent, data);
      if (problem === undefined) answers[id] = value;
      else context.err(`${id}: ${visibleText(problem)}`);
    }
    const { prose, readBy } = outcome;
    const next = await runGenerate(
      { intent: { ...intent, answers }, said: prose, answers: {}, before: wanted.before },
      ask,
      data,
    );
    outcome = next.kind === 'answer' ? next : withReader(next, readBy);
  }
  return outcome;
}

/** What was read at first stays read by whoever read it. */
function withReader(outcome: Exclude<Outcome, { kind: 'answer' }>, readBy: Report['readBy']): Outcome {
  return outcome.kind === 'questions'
    ? { ...outcome, readBy }
    : { ...outcome, report: { ...outcome.report, readBy } };
}

function tell(outcome: Outcome, options: Options, isJson: boolean, context: CliContext): void {
  if (outcome.kind === 'answer') {
    const { lines, readBy } = outcome;
    if (isJson) context.out(JSON.stringify({ answer: lines, readBy }));
    else context.out([...lines.map(visibleText), '', `(${sayReader(readBy)})`].join('\n'));
    return;
  }
  if (outcome.kind === 'questions') {
    const { questions, readBy, prose, intent } = outcome;
    context.out(JSON.stringify({ questions, readBy, prose, intent }, null, 2));
    context.exitWith(EXIT_QUESTIONS);
    return;
  }
  const { report } = outcome;
  if (options.asCatalog !== undefined) tellCatalog(report, options.asCatalog, isJson, context);
  else context.out(SHOW[isJson ? 'json' : options.format](report));
}

function tellCatalog(report: Report, group: string, isJson: boolean, context: CliContext): void {
  const draft = catalogDraftOf(report.statements, group, readIamData());
  if (draft.entries.length === 0)
    throw new PosternError({
      code: 'invalid_request',
      detail: `Nothing of it can be an entry of a catalog: ${draft.leftOut.join('; ')}.`,
    });
  for (const left of draft.leftOut) context.err(`left out: ${visibleText(left)}`);
  if (isJson) context.out(JSON.stringify(draft, null, 2));
  else
    context.out(
      [
        '// At the end of "resources" in catalog.json; say how sensitive each is, and write another account than the broker’s by its digits.',
        draft.entries.map((entry) => JSON.stringify(entry, null, 2)).join(',\n'),
        '',
        '// At the end of guardrails.cedar.',
        draft.guardrails,
      ].join('\n'),
    );
}
