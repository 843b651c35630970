import type { Command } from 'commander';
import { readProfiles } from '../../sdk/read-profiles.ts';
import { checkGateway } from '../check-gateway.ts';
import { checkHost } from '../check-host.ts';
import { type Finding, runChecks } from '../check-setup.ts';
import {
  brokerFor,
  type CliContext,
  type CommonOptions,
  commonOf,
  endpointOf,
  identityOf,
  print,
} from '../cli-context.ts';
import { EXIT } from '../exit-code.ts';
import { BY_HAND } from '../try-by-hand.ts';

const MARKS: Record<Finding['verdict'], string> = { ok: '✓', wrong: '✗', unknown: '?' };

type Options = CommonOptions & {
  readonly host?: boolean;
  readonly accounts?: boolean;
  readonly config?: string;
  readonly broker?: string;
  readonly role?: string;
};

/** `postern doctor`: whether this machine is set up as an agent should be. */
export function addDoctor(program: Command, context: CliContext): void {
  program
    .command('doctor')
    .description('check this set-up: endpoint, region, clock, credentials, what the own role may do')
    .option('--host', 'only what can be said of a machine that has no identity yet')
    .option(
      '--accounts',
      'only whether the roles of each account are as the catalog plans, with AWS keys that may look',
    )
    .option('--config <folder>', 'with --accounts: the configuration that is deployed', 'config')
    .option('--broker <account>', 'with --accounts: the account of the broker, where the keys are of another')
    .option('--role <name>', 'with --accounts: the role to look with, in place of each deployRole')
    .action(async (_: unknown, command: Command) => {
      const options: Options = commonOf(command);
      const findings = await findingsOf(options, context);
      const byHand = options.host || options.accounts ? [] : BY_HAND;
      const lines = [
        ...findings.map(({ verdict, what, advice }) =>
          [`${MARKS[verdict]} ${what}`, ...(advice ? [`    ${advice}`] : [])].join('\n'),
        ),
        ...(byHand.length > 0 ? ['', 'What only you can see:'] : []),
        ...byHand.map(({ box, run, shows }) => `· ${box}\n    ${run}\n    shows: ${shows}`),
      ];
      print({ findings, byHand }, lines.join('\n'), options, context);
      // An account that could not be looked at is not one whose roles are right.
      const isBad = ({ verdict }: Finding) => verdict === 'wrong' || (options.accounts && verdict !== 'ok');
      context.exitWith(findings.some(isBad) ? EXIT.other : EXIT.granted);
    });
}

async function findingsOf(options: Options, context: CliContext): Promise<Finding[]> {
  if (options.accounts) {
    // Loaded when it is wanted: it brings clients of AWS, and what proves policies.
    const { checkDrift } = await import('../check-drift.ts');
    return checkDrift(options);
  }
  return options.host ? ofHost(options, context) : ofSetup(options, context);
}

async function ofSetup(options: Options, context: CliContext): Promise<Finding[]> {
  const checks = await runChecks({
    env: context.env,
    endpoint: endpointOf(options, context),
    identity: identityOf(options),
    broker: brokerFor(options, context),
    profiles: await readProfiles(),
    signal: context.signal,
  });
  return [...checks, ...checkGateway(context)];
}

async function ofHost({ endpoint }: Options, { env, signal }: CliContext): Promise<Finding[]> {
  return checkHost({
    env,
    endpoint: endpoint || env.POSTERN_API,
    profiles: await readProfiles(),
    signal,
  });
}
