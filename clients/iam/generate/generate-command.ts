import { type Command, Option } from 'commander';
import { type CliContext, commonOf } from '../../cli/cli-context.ts';
import { FORMATS, type Options } from './generate-options.ts';

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
      // Loaded here alone: no other command pays for it.
      const { generateFor } = await import('./generate-for.ts');
      await generateFor(words, options, isJson, context);
    });
}
