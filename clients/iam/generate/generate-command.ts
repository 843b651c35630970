import { type Command, Option } from 'commander';
import { visibleText } from '../../../lambdas/shared/domain/text/show-hostile-text.ts';
import { problemOfAnswer } from '../../../policy/generate/answer-problems.ts';
import { catalogDraftOf } from '../../../policy/generate/catalog-entries.ts';
import { type CliContext, commonOf } from '../../cli/cli-context.ts';
import { PosternError } from '../../sdk/postern-error.ts';
import { readIamData } from '../read-iam-data.ts';
import { askInTerminal } from './ask-in-terminal.ts';
import { cdkOf } from './formats/cdk-of.ts';
import { cloudformationOf } from './formats/cloudformation-of.ts';
import { describeGenerated, sayReader } from './formats/describe-generated.ts';
import { terraformOf } from './formats/terraform-of.ts';
import { plainGenerated, type Report, readGeneratedFile } from './generated-file.ts';
import { openAsker } from './open-asker.ts';
import { readAnswers } from './read-answers.ts';
import { type Outcome, runGenerate, type Wanted } from './run-generate.ts';

const FORMATS = ['text', 'json', 'cdk', 'terraform', 'cloudformation'] as const;
type Format = (typeof FORMATS)[number];

const SHOW: Record<Format, (report: Report) => string> = {
  text: describeGenerated,
  json: (report) => JSON.stringify(plainGenerated(report), null, 2),
  cdk: cdkOf,
  terraform: terraformOf,
  cloudformation: cloudformationOf,
};

type Options = {
  readonly answer: readonly string[];
  readonly intent?: string;
  readonly refine?: string;
  readonly format: Format;
  readonly asCatalog?: string;
  readonly offline?: boolean;
};

/** What it ends with where it was not generated, for want of answers. */
const EXIT_QUESTIONS = 3;

const GROUP = /^[A-Za-z][\w-]{0,63}$/;

/** `postern iam generate`: prose to policies. The model reads the prose; code writes the policies. */
export function addGenerate(iam: Command, context: CliContext): void {
  iam
    .command('generate')
    .description(
      'make the policies that a job takes from words: a model says what is wanted, code builds, explains, checks and proves; exits 3 with questions where something is open',
    )
    .argument('[prose...]', 'what is to be done, on which resources, by whom; or a question about a policy')
    .option(
      '--answer <id=value>',
      'answer a question; as often as need be',
      (answer: string, answers: readonly string[]) => [...answers, answer],
      [],
    )
    .option('--intent <file>', 'go on with the intent in what --json wrote, without asking a model')
    .option('--refine <file>', 'change what --json wrote; it is proved to be within it, or said to be wider')
    .addOption(new Option('--format <format>', 'how to write it').choices(FORMATS).default('text'))
    .option(
      '--as-catalog <group>',
      "entries for a broker's catalog, with guardrails that permit them to a group",
    )
    .option('--offline', 'read the prose by key words, with no model')
    .action(async (words: readonly string[], options: Options, command: Command) => {
      const isJson = commonOf(command).json === true || options.format === 'json';
      if (options.asCatalog !== undefined && !GROUP.test(options.asCatalog))
        throw new PosternError({
          code: 'invalid_request',
          detail: 'A group is a word of letters, digits, _ and -.',
        });
      const outcome = await generateWith(await wantedOf(words, options), options, isJson, context);
      tell(outcome, options, isJson, context);
    });
}

async function wantedOf(words: readonly string[], { answer, intent, refine }: Options): Promise<Wanted> {
  if (intent !== undefined && (refine !== undefined || words.length > 0))
    throw new PosternError({
      code: 'invalid_request',
      detail: '--intent goes on with what was said: take the words, or --refine, out.',
    });
  const file = intent ?? refine;
  const before = file === undefined ? undefined : await readGeneratedFile(file);
  const answers = readAnswers(answer);
  const prose = words.length > 0 ? words.join(' ') : undefined;
  // Going on is no change: there is nothing that it has to be within.
  const { permissions: _, trust: __, ...open } = before ?? {};
  return { prose, answers, before: intent === undefined ? before : (open as Wanted['before']) };
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
      { intent: { ...intent, answers }, answers: {}, before: wanted.before },
      ask,
      data,
    );
    outcome = next.kind === 'answer' ? next : withOrigin(next, prose, readBy);
  }
  return outcome;
}

/** What was read at first stays what it was read of, and by whom. */
function withOrigin(
  outcome: Exclude<Outcome, { kind: 'answer' }>,
  prose: Report['prose'],
  readBy: Report['readBy'],
): Outcome {
  return outcome.kind === 'questions'
    ? { ...outcome, prose, readBy }
    : { ...outcome, report: { ...outcome.report, prose, readBy } };
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
        '// At the end of "resources" in catalog.json; say how sensitive each is.',
        draft.entries.map((entry) => JSON.stringify(entry, null, 2)).join(',\n'),
        '',
        '// At the end of guardrails.cedar.',
        draft.guardrails,
      ].join('\n'),
    );
}
