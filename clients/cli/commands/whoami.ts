import type { Command } from 'commander';
import { brokerFor, type CliContext, commonOf, endpointOf, identityOf, print } from '../cli-context.ts';

/** `postern whoami`: who the broker takes the caller for, and what the calls are signed with. */
export function addWhoami(program: Command, context: CliContext): void {
  program
    .command('whoami')
    .description('who the broker takes you for, and what your calls are signed with')
    .action(async (_: unknown, command: Command) => {
      const options = commonOf(command);
      const identity = identityOf(options);
      const [{ principal }, { accessKeyId }, region] = await Promise.all([
        brokerFor(options, context).catalog({ signal: context.signal }),
        identity.credentials(),
        identity.region(),
      ]);
      const endpoint = endpointOf(options, context);
      const text = [
        `principal  ${principal}`,
        `signs with ${accessKeyId}, for ${region}`,
        `broker     ${endpoint}`,
      ].join('\n');
      print({ principal, accessKeyId, region, endpoint }, text, options, context);
    });
}
