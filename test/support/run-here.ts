import { runCli } from '../../clients/cli/run-cli.ts';

/** Runs the command line in this process, in an environment that says nothing, and answers what it said, a line each. */
export async function runHere(args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const said = { out: '', err: '' };
  const code = await runCli(args, {
    out: (text) => {
      said.out += `${text}\n`;
    },
    err: (text) => {
      said.err += `${text}\n`;
    },
    env: {},
    self: [],
    isWatched: false,
    signal: new AbortController().signal,
  });
  return { code, ...said };
}
