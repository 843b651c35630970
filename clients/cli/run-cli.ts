import { CommanderError } from 'commander';
import type { CliContext } from './cli-context.ts';
import { describeError, errorReport } from './describe-error.ts';
import { EXIT, exitCodeOf } from './exit-code.ts';
import { makeProgram } from './program.ts';

/** Runs one command line; answers the exit code. Errors are told in a line or two, or as JSON. */
export async function runCli(
  argv: readonly string[],
  context: Omit<CliContext, 'exitWith'>,
): Promise<number> {
  let code: number = EXIT.granted;
  const exitWith = (with_: number) => {
    code = with_;
  };
  try {
    await makeProgram({ ...context, exitWith }).parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    // Commander has said what is wrong, or printed the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.granted : EXIT.usage;
    const isJson = argv.slice(0, argv.includes('--') ? argv.indexOf('--') : undefined).includes('--json');
    context.err(isJson ? JSON.stringify({ error: errorReport(error) }) : describeError(error));
    return exitCodeOf(error);
  }
}
