import type { Command } from 'commander';
import { visibleText } from '../../lambdas/shared/domain/text/show-hostile-text.ts';
import { type CliContext, commonOf, print } from '../cli/cli-context.ts';
import { PosternError } from '../sdk/postern-error.ts';
import { readAccount } from './account/read-account.ts';
import { committedRoles } from './drift/committed-roles.ts';
import { compareAccount } from './drift/compare-account.ts';
import { type Compared, compareNamed, type Found } from './drift/compare-named.ts';
import { describeDrift } from './drift/describe-drift.ts';
import { readWhere } from './drift/read-where.ts';
import { addToTrend, type TrendLine } from './drift/trend.ts';
import type { Unread } from './inputs/named-policy.ts';
import { readIamData } from './read-iam-data.ts';

type Options = {
  readonly deployed?: readonly string[];
  readonly from?: string;
  readonly committed: readonly string[];
  readonly trend?: string;
  readonly where?: readonly string[];
};

/** What `iam drift` ends with: 1 where more may be done than was committed, 3 where that is not known. */
const EXIT_OF: Record<Found['verdict'], number> = {
  same: 0,
  within: 0,
  narrower: 0,
  'not deployed': 0,
  wider: 1,
  incomparable: 1,
  'not committed': 1,
  unknown: 3,
};

const refused = (detail: string): PosternError => new PosternError({ code: 'invalid_policy', detail });

/** `postern iam drift`: what is deployed against what was committed. */
export function addDrift(iam: Command, context: CliContext): void {
  iam
    .command('drift')
    .description(
      'compare deployed policies with committed ones, by proof in both directions; exits 1 where more is allowed than was committed, 3 where that is not known',
    )
    .option('--deployed <file...>', 'policies as they are deployed: files, folders, templates')
    .option(
      '--from <file>',
      'instead: a collected account, of which the roles of the templates are looked at',
    )
    .requiredOption('--committed <file...>', 'policies as they were committed, of the same names')
    .option(
      '--where <condition=value...>',
      'what a condition of the templates is, as IsProd=true: else each deployment that they allow is compared',
    )
    .option('--trend <file>', 'add a line of today’s scores to a file')
    .action(async (_: unknown, command: Command) => {
      const options = command.opts<Options>();
      if ((options.deployed === undefined) === (options.from === undefined))
        throw refused('Say what is deployed: --deployed FILE, or --from a collected account.');
      const { compared, inNoTemplate, unread } = await compareAs(options, commonOf(command).region);
      if (compared.length === 0)
        throw refused(
          unread[0]
            ? `Nothing could be compared: ${unread[0].file}: ${unread[0].detail}.`
            : 'There is nothing to compare: no policy in these files, no role in these templates.',
        );
      if (options.trend !== undefined) await addToTrend(options.trend, trendLine(compared));
      const told = [
        ...compared.map(describeDrift),
        ...(inNoTemplate.length > 0
          ? [`roles in none of the templates: ${visibleText(inNoTemplate.join(', '))}`]
          : []),
        ...unread.map(({ file, detail }) => visibleText(`not looked at: ${file}: ${detail}`)),
      ];
      print({ policies: compared, inNoTemplate, unread }, told.join('\n'), commonOf(command), context);
      context.exitWith(worst(compared, unread.length > 0));
    });
}

type Comparison = {
  readonly compared: readonly Compared[];
  readonly inNoTemplate: readonly string[];
  readonly unread: readonly Unread[];
};

async function compareAs(
  { deployed = [], from, committed, where: written = [] }: Options,
  region?: string,
): Promise<Comparison> {
  const data = readIamData();
  const where = readWhere(written);
  if (from === undefined)
    return { ...(await compareNamed({ deployed, committed }, where, data)), inNoTemplate: [] };
  const account = await readAccount(from, data);
  const place = { account: account.id, region, deployed: account.roles.map(({ name }) => name), where };
  return { ...compareAccount(account, await committedRoles(committed, place), data), unread: [] };
}

/** What is surely too much outweighs what is not known. */
function worst(compared: readonly Compared[], isPart: boolean): number {
  const codes = [...compared.map(exitOf), ...(isPart ? [EXIT_OF.unknown] : [])];
  return codes.includes(1) ? 1 : Math.max(0, ...codes);
}

/** Of what depends on the deployment: what all its cases end with, or that it is not known. */
function exitOf(entry: Compared): number {
  if (entry.verdict !== 'depends') return EXIT_OF[entry.verdict];
  const codes = new Set(entry.cases.map(({ verdict }) => EXIT_OF[verdict]));
  const [only = 3] = codes;
  return codes.size === 1 ? only : 3;
}

/** The day, and what each policy scored. */
function trendLine(compared: readonly Compared[]): TrendLine {
  const scores = Object.fromEntries(
    compared.flatMap(({ name, score }) => (score === undefined ? [] : [[name, score]])),
  );
  return { on: new Date().toISOString().slice(0, 10), scores };
}
