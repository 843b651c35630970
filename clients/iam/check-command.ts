import { writeFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { createTwoFilesPatch } from 'diff';
import { visibleText } from '../../lambdas/shared/domain/text/show-hostile-text.ts';
import type { Needed, Surroundings } from '../../policy/check/check.ts';
import { isAtLeast, SEVERITIES, type Severity } from '../../policy/check/finding.ts';
import { fixPolicy } from '../../policy/check/fix-policy.ts';
import { answerControls } from '../../policy/compliance/answer-controls.ts';
import { accountNotAsked, policiesNotAsked } from '../../policy/compliance/not-asked.ts';
import type { CliContext } from '../cli/cli-context.ts';
import { commonOf } from '../cli/cli-context.ts';
import { PosternError } from '../sdk/postern-error.ts';
import {
  baselineOf,
  expiredOf,
  readBaseline,
  readSuppressions,
  withoutAccepted,
} from './accepted-findings.ts';
import type { CheckReport } from './check-inputs.ts';
import { frameworkOf } from './framework-of.ts';
import { type Inputs, readInputs } from './inputs/read-inputs.ts';
import { describeCheck } from './outputs/describe-check.ts';
import { describeControls } from './outputs/describe-controls.ts';
import { gitlabOf } from './outputs/gitlab.ts';
import { markdownOf } from './outputs/markdown.ts';
import { plainReport } from './outputs/plain-report.ts';
import { sarifOf } from './outputs/sarif.ts';
import { type SurroundingOptions, surroundingsOf } from './read-surroundings.ts';
import { checkMany } from './threads/check-many.ts';

const FORMATS = ['text', 'json', 'sarif', 'gitlab', 'markdown'] as const;
type Format = (typeof FORMATS)[number];

const SHOW: Record<Format, (report: CheckReport) => string> = {
  text: describeCheck,
  json: (report) => JSON.stringify(plainReport(report)),
  sarif: (report) => JSON.stringify(sarifOf(report)),
  gitlab: (report) => JSON.stringify(gitlabOf(report)),
  markdown: markdownOf,
};

type Options = SurroundingOptions & {
  readonly format: Format;
  readonly failOn: Severity | 'never';
  readonly least: Severity;
  readonly together?: boolean;
  readonly baseline?: string;
  readonly writeBaseline?: string;
  readonly suppress?: string;
  readonly compliance?: string;
  readonly fix?: boolean;
  readonly diff?: boolean;
  readonly threads?: number;
};

const refused = (detail: string): PosternError => new PosternError({ code: 'invalid_policy', detail });

/** `postern iam check`. */
export function addCheck(iam: Command, context: CliContext): void {
  iam
    .command('check')
    .description(
      'look for what is wrong with IAM policies: files, folders, CloudFormation templates, Terraform plans as JSON; exits 1 where something is found that --fail-on names',
    )
    .argument('<file...>', 'type:file says what a policy is attached as; - is standard input')
    .addOption(new Option('--format <format>', 'how to tell it').choices(FORMATS).default('text'))
    .addOption(
      new Option('--fail-on <severity>', 'exit 1 from this severity on')
        .choices([...SEVERITIES, 'never'])
        .default('high'),
    )
    .addOption(new Option('--least <severity>', 'tell no less than this').choices(SEVERITIES).default('low'))
    .option('--together', 'the identity policies are those of one principal')
    .option('--account <id>', 'your own account: what others may do is told apart by it')
    .option('--break-glass <arn...>', 'roles for emergencies, which denials should spare')
    .option(
      '--managed <file>',
      'managed policies, as aws iam get-account-authorization-details answers them: what may be attached is judged by them',
    )
    .option('--committed <file>', 'what was committed: deployed policies have to be within it')
    .option('--session-reference <file>', 'what a session policy has to be within')
    .option('--baseline <file>', 'leave out what was found when the baseline was written')
    .option('--write-baseline <file>', 'write what is found as a baseline, and exit 0')
    .option('--suppress <file>', 'leave out what somebody accepted, with a reason, until a day')
    .option('--compliance <framework>', 'answer the controls of a framework; a file is one of your own')
    .option('--fix', 'mend what can be mended without allowing more, and write the files')
    .option('--diff', 'show what --fix would write')
    .option(
      '--threads <count>',
      'how many policies are checked at once; where many are given, one for each processor',
      countOf,
    )
    .action(async (files: readonly string[], options: Options, command: Command) => {
      const inputs = await readInputs(files);
      const around = await surroundingsOf(options);
      if (options.fix || options.diff) await mend(inputs, around, options, context);
      const read = options.fix ? await readInputs(files) : inputs;
      const whole = await checkMany(read, around, options.together ?? false, {
        ...(options.threads !== undefined && { count: options.threads }),
        signal: context.signal,
      });
      if (options.writeBaseline !== undefined) {
        await write(options.writeBaseline, baselineOf(whole));
        return;
      }
      const report = await accepted(whole, options, context);
      const format = commonOf(command).json ? 'json' : options.format;
      if (options.compliance !== undefined)
        await tellControls(options.compliance, report, around, format, context);
      else if (!options.diff) context.out(SHOW[format](shown(report, options)));
      context.exitWith(exitCodeOf(report, options));
    });
}

/** So many threads that each processor of a large machine has one. */
const MOST_THREADS = 64;

function countOf(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= MOST_THREADS) return count;
  throw new InvalidArgumentError(`It is a number from 1 to ${MOST_THREADS}.`);
}

const write = (file: string, text: string): Promise<void> =>
  writeFile(file, text).catch((error: NodeJS.ErrnoException) => {
    throw refused(`${file} cannot be written: ${error.code ?? 'not writable'}`);
  });

/** Answers a framework's controls by what was found in policies alone. */
async function tellControls(
  name: string,
  { policies, unread }: CheckReport,
  { managed, breakGlass, references }: Surroundings,
  format: Format,
  context: CliContext,
): Promise<void> {
  if (format !== 'text' && format !== 'json') throw refused('Controls are told as text or JSON.');
  const framework = await frameworkOf(name);
  const findings = policies.flatMap((entry) => entry.findings);
  const given: Needed[] = [
    ...(managed ? (['managed'] as const) : []),
    ...(breakGlass ? (['breakGlass'] as const) : []),
    ...(references ? (['references'] as const) : []),
  ];
  const notAsked = new Map([
    ...policiesNotAsked({
      types: new Set(policies.map(({ type }) => type)),
      isWhole: unread.length === 0 && policies.every(({ isRead }) => isRead),
      given: new Set(given),
    }),
    ...accountNotAsked('it is asked of an account, by iam audit'),
  ]);
  const controls = answerControls(framework, { findings, notAsked });
  const { note } = framework;
  const answers = { framework: framework.name, ...(note !== undefined && { note }), controls };
  context.out(format === 'json' ? JSON.stringify(answers) : describeControls(answers).join('\n'));
}

const exitCodeOf = ({ policies }: CheckReport, { failOn }: Options): number =>
  failOn !== 'never' &&
  policies.some(({ findings }) => findings.some((entry) => isAtLeast(entry.severity, failOn)))
    ? 1
    : 0;

const shown = (report: CheckReport, { least }: Options): CheckReport => ({
  ...report,
  policies: report.policies.map((entry) => ({
    ...entry,
    findings: entry.findings.filter(({ severity }) => isAtLeast(severity, least)),
  })),
});

async function accepted(
  report: CheckReport,
  { baseline, suppress }: Options,
  context: CliContext,
): Promise<CheckReport> {
  const today = new Date().toISOString().slice(0, 10);
  const suppressions = suppress === undefined ? [] : await readSuppressions(suppress);
  for (const { id, expires, reason } of expiredOf(suppressions, today))
    context.err(`The suppression of ${id} ended on ${expires}: ${visibleText(reason)}`);
  return withoutAccepted(report, {
    today,
    suppressions,
    ...(baseline !== undefined && { baseline: await readBaseline(baseline) }),
  });
}

/** Mends policies that are files of their own; a template's are not ours to write. */
async function mend(
  { found }: Inputs,
  around: Surroundings,
  { fix }: Options,
  context: CliContext,
): Promise<void> {
  for (const { name, file, type, text, holder } of found) {
    if (text === undefined) continue;
    const fixed = fixPolicy({ name, type, text, ...(holder && { holder }) }, around);
    if (!fixed || fixed.applied.length === 0) continue;
    const written = `${JSON.stringify(fixed.document, null, 2)}\n`;
    const ids = fixed.applied.map(({ id }) => id).join(', ');
    if (fix && file !== 'standard input') {
      await write(file, written);
      context.err(`${visibleText(file)}: mended ${ids}, proved to allow nothing more`);
    } else {
      // Both in one form: what only the writing changes is not of interest.
      const before = `${JSON.stringify(JSON.parse(text), null, 2)}\n`;
      const lines = createTwoFilesPatch(file, file, before, written).split('\n').slice(1);
      context.out([`${file} without ${ids}`, ...lines].map((line) => visibleText(line)).join('\n'));
    }
  }
}
