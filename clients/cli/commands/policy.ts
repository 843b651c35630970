import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { brokerFor, type CliContext, commonOf, print } from '../cli-context.ts';
import { proposeFor } from './propose.ts';

/** `postern policy`: reads a principal's business rules, or proposes others. */
export function addPolicy(program: Command, context: CliContext): void {
  const policy = program.command('policy').description('read a policy text, or propose another');

  policy
    .command('get')
    .description("a principal's policy text: your own, or anybody's where you audit or may propose another")
    .argument('<principal>')
    .action(async (principal: string, _: unknown, command: Command) => {
      const options = commonOf(command);
      const found = await brokerFor(options, context).getPolicy(principal, { signal: context.signal });
      print(found, found.text, options, context);
    });

  policy
    .command('set')
    .description('propose a policy text; it is reviewed, and approved by people, before it applies')
    .argument('<principal>')
    .requiredOption('-f, --file <file>', 'the whole new text')
    .requiredOption('-r, --reason <text>', 'why')
    .option('--no-wait', 'propose, and do not wait for people')
    .action(async (target: string, _: unknown, command: Command) => {
      const own = command.opts<{ file: string; reason: string; wait: boolean }>();
      const proposal = await readFile(own.file, 'utf8');
      const change = { kind: 'policy' as const, target, proposal, reason: own.reason };
      await proposeFor(change, own.wait, command, context);
    });
}
