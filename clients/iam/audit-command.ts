import { writeFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { visibleText } from '../../lambdas/shared/domain/text/show-hostile-text.ts';
import { isAtLeast, SEVERITIES, type Severity } from '../../policy/check/finding.ts';
import { type CliContext, commonOf, print } from '../cli/cli-context.ts';
import { PosternError } from '../sdk/postern-error.ts';
import { readAccount } from './account/read-account.ts';
import { describeCatalog, suggestFor, writeSuggested } from './as-catalog/write-as-catalog.ts';
import { type AuditReport, findingsOf, reportOf } from './audit-report.ts';
import { addToTrend, type TrendLine } from './drift/trend.ts';
import { frameworkOf } from './framework-of.ts';
import { describeAudit } from './outputs/describe-audit.ts';
import { auditPage } from './outputs/html/audit-page.ts';
import { readIamData } from './read-iam-data.ts';

type Options = {
  readonly from?: string;
  readonly collect?: string;
  readonly cloudtrail?: readonly string[];
  readonly days: number;
  readonly regions?: readonly string[];
  readonly breakGlass?: readonly string[];
  readonly compliance?: string;
  readonly rightSize?: boolean;
  readonly html?: string;
  readonly asCatalog?: string;
  readonly into: string;
  readonly trend?: string;
  readonly failOn: Severity | 'never';
};

const refused = (detail: string): PosternError => new PosternError({ code: 'invalid_policy', detail });

/** The day it was collected, and what each user and role scored then. */
function trendLine({ collectedAt, score, principals }: AuditReport): TrendLine {
  const scores = principals.flatMap((entry) =>
    entry.score === undefined ? [] : [[`${entry.kind}/${entry.name}`, entry.score]],
  );
  return {
    on: collectedAt.slice(0, 10),
    ...(score !== undefined && { score }),
    scores: Object.fromEntries(scores),
  };
}

/** What an attacker looks for is in it: it is for this user's eyes. */
const writeReport = (file: string, text: string): Promise<void> =>
  writeFile(file, text, { mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
    throw refused(`${file} cannot be written: ${error.code ?? 'not writable'}`);
  });

/** Days of calls: AWS's own history goes back 90, trails as long as their files are there. */
const MOST_DAYS = 400;
function daysOf(text: string): number {
  const days = Number(text);
  if (Number.isInteger(days) && days >= 1 && days <= MOST_DAYS) return days;
  throw refused(
    `--days takes a whole number from 1 to ${MOST_DAYS}, and not ${visibleText(text.slice(0, 40))}.`,
  );
}

/** `postern iam audit`: an account is collected, read only; or judged, without AWS, as it was collected. */
export function addAudit(iam: Command, context: CliContext): void {
  iam
    .command('audit')
    .description(
      'judge an account: who can be reached, effective access and escalations of each user and role, unused grants, credentials, trails. --collect reads it into a file, and changes nothing in it; --from judges such a file without AWS',
    )
    .option('--collect <file>', 'read the account into this file; stopped, the same command goes on')
    .option('--from <file>', 'judge what was collected')
    .option(
      '--cloudtrail <place...>',
      'with --collect: a trail’s log files, in a folder or at s3://bucket/prefix, or the CSV that Athena answered; else CloudTrail’s own history is looked up',
    )
    .option('--days <number>', 'with --collect: how far back calls are looked at', daysOf, 90)
    .option('--regions <region...>', 'with --collect: regions of analyzers and of CloudTrail’s own history')
    .option('--break-glass <name...>', 'administrators for emergencies, by name; * stands for any text')
    .option('--compliance <framework>', 'answer the controls of a framework; a file is one of your own')
    .option('--right-size', 'suggest policies without what is known to be unused, each proved and replayed')
    .option('--html <file>', 'write a report with plots too: one page that needs nothing beside it')
    .option(
      '--as-catalog <name>',
      'write catalog entries and a skeleton of guardrails for what this role or user really used',
    )
    .option('--into <folder>', 'with --as-catalog: where they are written', '.')
    .option('--trend <file>', 'add a line of today’s scores to a file; the page shows them over time')
    .addOption(
      new Option('--fail-on <severity>', 'exit 1 from this severity on')
        .choices([...SEVERITIES, 'never'])
        .default('high'),
    )
    .action(async (_: unknown, command: Command) => {
      const options = command.opts<Options>();
      if ((options.from === undefined) === (options.collect === undefined))
        throw refused('Say --collect FILE to read an account, or --from FILE to judge what was read.');
      if (options.collect !== undefined) await collect(options.collect, options, command);
      else await judge(options.from ?? '', options, command);
    });

  async function collect(file: string, options: Options, command: Command): Promise<void> {
    // The SDK is large: it is loaded where AWS is asked.
    const { runCollection } = await import('./collect/run-collection.ts');
    const { account, gaps } = await runCollection({ ...options, file }, commonOf(command), context);
    const told = [
      `account ${account} is in ${visibleText(file)}: postern iam audit --from ${visibleText(file)}`,
      ...Object.entries(gaps).map(([part, why]) => `  not there: ${visibleText(part)}: ${visibleText(why)}`),
    ];
    print({ account, file, gaps }, told.join('\n'), commonOf(command), context);
  }

  async function judge(file: string, options: Options, command: Command): Promise<void> {
    const { breakGlass = [], compliance, rightSize, failOn } = options;
    const framework = compliance === undefined ? undefined : await frameworkOf(compliance);
    const data = readIamData();
    const account = await readAccount(file, data);
    if (options.asCatalog !== undefined) {
      const written = await writeSuggested(suggestFor(account, options.asCatalog, data), options.into);
      print(written, describeCatalog(written), commonOf(command), context);
      return;
    }
    const report = reportOf(account, { breakGlass, framework, isSized: rightSize === true }, data);
    const trend = options.trend === undefined ? [] : await addToTrend(options.trend, trendLine(report));
    if (options.html !== undefined) await writeReport(options.html, await auditPage(report, trend));
    print(report, describeAudit(report, trend), commonOf(command), context);
    const isBad =
      failOn !== 'never' && findingsOf(report).some(({ severity }) => isAtLeast(severity, failOn));
    context.exitWith(isBad ? 1 : 0);
  }
}
