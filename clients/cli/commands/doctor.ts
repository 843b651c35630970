import type { Command } from 'commander';
import { readProfiles } from '../../sdk/read-profiles.ts';
import { type Finding, runChecks } from '../check-setup.ts';
import { brokerFor, type CliContext, commonOf, endpointOf, identityOf, print } from '../cli-context.ts';
import { EXIT } from '../exit-code.ts';

const MARKS: Record<Finding['verdict'], string> = { ok: '✓', wrong: '✗', unknown: '?' };

/** `postern doctor`: whether this machine is set up as an agent should be. */
export function addDoctor(program: Command, context: CliContext): void {
  program
    .command('doctor')
    .description('check this set-up: endpoint, region, clock, credentials, what the own role may do')
    .action(async (_: unknown, command: Command) => {
      const options = commonOf(command);
      const endpoint = endpointOf(options, context);
      const findings = await runChecks({
        env: context.env,
        endpoint,
        identity: identityOf(options),
        broker: brokerFor(options, context),
        profiles: await readProfiles(),
        signal: context.signal,
      });
      const lines = findings.map(({ verdict, what, advice }) =>
        [`${MARKS[verdict]} ${what}`, ...(advice ? [`    ${advice}`] : [])].join('\n'),
      );
      print({ findings }, lines.join('\n'), options, context);
      context.exitWith(findings.some(({ verdict }) => verdict === 'wrong') ? EXIT.other : EXIT.granted);
    });
}
