import type { Command } from 'commander';
import { visibleText } from '../../../lambdas/shared/domain/text/show-hostile-text.ts';
import { brokerFor, type CliContext, commonOf, print } from '../cli-context.ts';

/** `postern passkeys`: what somebody's votes are proved with in the console. */
export function addPasskeys(program: Command, context: CliContext): void {
  program
    .command('passkeys')
    .argument('[principal]', 'whose; your own without. Auditors see everybody’s')
    .description('the passkeys that votes are proved with')
    .action(async (principal: string | undefined, _: unknown, command: Command) => {
      const options = commonOf(command);
      const list = await brokerFor(options, context).listPasskeys(principal, { signal: context.signal });
      const lines = list.passkeys.map(({ id, label }) => `${visibleText(label)}  ${id}`);
      const text = lines.length > 0 ? lines.join('\n') : `${list.principalId} has no passkey.`;
      print(list, text, options, context);
    });
}
