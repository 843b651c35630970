import { basename } from 'node:path';
import type { Command } from 'commander';
import { visibleText } from '../../lambdas/shared/domain/text/show-hostile-text.ts';
import type { IamData } from '../../policy/data/iam-data.ts';
import { comparePolicies, type Drift } from '../../policy/drift/compare-policies.ts';
import { parseNode, parsePolicy } from '../../policy/parse/parse-policy.ts';
import type { Policy } from '../../policy/parse/policy-model.ts';
import type { ShownRequest } from '../../policy/prove/shown-request.ts';
import { scorePolicies } from '../../policy/score/score-policies.ts';
import { type CliContext, commonOf, print } from '../cli/cli-context.ts';
import { PosternError } from '../sdk/postern-error.ts';
import { readAccount } from './account/read-account.ts';
import { committedRoles } from './drift/committed-roles.ts';
import { compareAccount } from './drift/compare-account.ts';
import { addToTrend, type TrendLine } from './drift/trend.ts';
import type { FoundPolicy } from './inputs/named-policy.ts';
import { readInputs } from './inputs/read-inputs.ts';
import { readIamData } from './read-iam-data.ts';

type Options = {
  readonly deployed?: readonly string[];
  readonly from?: string;
  readonly committed: readonly string[];
  readonly trend?: string;
};

type Compared = { readonly name: string; readonly score?: number } & (
  | Drift
  | { readonly verdict: 'not committed' | 'not deployed' | 'within' }
);

/** What `iam drift` ends with: 1 where more may be done than was committed, 3 where that is not known. */
const EXIT_OF: Record<Compared['verdict'], number> = {
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
    .option('--trend <file>', 'add a line of today’s scores to a file')
    .action(async (_: unknown, command: Command) => {
      const options = command.opts<Options>();
      if ((options.deployed === undefined) === (options.from === undefined))
        throw refused('Say what is deployed: --deployed FILE, or --from a collected account.');
      const { compared, inNoTemplate } = await compareAs(options, commonOf(command).region);
      if (options.trend !== undefined) await addToTrend(options.trend, trendLine(compared));
      const told = [
        ...compared.map(describe),
        ...(inNoTemplate.length > 0
          ? [`roles in none of the templates: ${visibleText(inNoTemplate.join(', '))}`]
          : []),
      ];
      print({ policies: compared, inNoTemplate }, told.join('\n'), commonOf(command), context);
      context.exitWith(worst(compared));
    });
}

type Comparison = { readonly compared: readonly Compared[]; readonly inNoTemplate: readonly string[] };

async function compareAs({ deployed = [], from, committed }: Options, region?: string): Promise<Comparison> {
  const data = readIamData();
  if (from === undefined)
    return { compared: compare(await named(deployed), await named(committed), data), inNoTemplate: [] };
  const account = await readAccount(from, data);
  const place = { account: account.id, region, deployed: account.roles.map(({ name }) => name) };
  return compareAccount(account, await committedRoles(committed, place), data);
}

/** What is surely too much outweighs what is not known. */
function worst(compared: readonly Compared[]): number {
  const codes = compared.map(({ verdict }) => EXIT_OF[verdict]);
  return codes.includes(1) ? 1 : Math.max(0, ...codes);
}

function policyOf({ name, type, text, root }: FoundPolicy): Policy {
  const read = root ? parseNode(root, type) : parsePolicy(text ?? '', type);
  if (read.ok) return read.policy;
  const [{ code, path }] = read.refusals;
  throw new PosternError({
    code: 'invalid_policy',
    detail: `${name} is no ${type} policy: ${code} at ${path}`,
  });
}

/** Policies by the name that they have on both sides: the file's own, and the part of a template. */
async function named(files: readonly string[]): Promise<ReadonlyMap<string, Policy>> {
  const { found } = await readInputs(files);
  const policies = new Map<string, Policy>();
  for (const entry of found) {
    const name = `${basename(entry.file)}${entry.name.slice(entry.file.length)}`;
    if (policies.has(name))
      throw new PosternError({
        code: 'invalid_policy',
        detail: `There are two policies named ${name} on one side.`,
      });
    policies.set(name, policyOf(entry));
  }
  return policies;
}

function compare(
  deployed: ReadonlyMap<string, Policy>,
  committed: ReadonlyMap<string, Policy>,
  { known }: IamData,
): Compared[] {
  // One of each is a pair, whatever their names.
  const [[onlyDeployed], [onlyCommitted]] = [[...deployed], [...committed]];
  if (deployed.size === 1 && committed.size === 1 && onlyDeployed && onlyCommitted)
    return [
      {
        name: onlyDeployed[0],
        ...comparePolicies(onlyDeployed[1], onlyCommitted[1], known),
        ...scored(onlyDeployed[1]),
      },
    ];
  return [...new Set([...deployed.keys(), ...committed.keys()])].sort().map((name): Compared => {
    const [entry, other] = [deployed.get(name), committed.get(name)];
    if (!entry) return { name, verdict: 'not deployed' };
    if (!other) return { name, verdict: 'not committed', ...scored(entry) };
    return { name, ...comparePolicies(entry, other, known), ...scored(entry) };
  });
}

function scored(policy: Policy): { score?: number } {
  const score = scorePolicies([[policy]], policy.type);
  return score === undefined ? {} : { score };
}

const shown = ({ action, resource }: ShownRequest): string => visibleText(`${action} on ${resource}`);

function describe(entry: Compared): string {
  const more = 'more' in entry && entry.more ? `\n  allowed, and not committed: ${shown(entry.more)}` : '';
  const less = 'less' in entry ? `\n  committed, and not allowed: ${shown(entry.less)}` : '';
  const why = entry.verdict === 'unknown' ? ` (${entry.why})` : '';
  return `${visibleText(entry.name)}: ${entry.verdict}${why}${more}${less}`;
}

/** The day, and what each policy scored. */
function trendLine(compared: readonly Compared[]): TrendLine {
  const scores = Object.fromEntries(
    compared.flatMap(({ name, score }) => (score === undefined ? [] : [[name, score]])),
  );
  return { on: new Date().toISOString().slice(0, 10), scores };
}
