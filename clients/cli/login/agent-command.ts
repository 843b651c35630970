import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { readLogin } from '../../login/login-file.ts';
import { openLogin } from '../../login/open-login.ts';
import { readTokenClaims } from '../../sdk/token-identity.ts';
import { runChild } from '../child/run-child.ts';
import { type CliContext, commonOf, endpointOf } from '../cli-context.ts';
import { agentChange, changedEnvironment } from '../session/session-environment.ts';
import { fileFor } from './login-commands.ts';

/** Milliseconds between two looks at whether the token is to be renewed, and before its end at which it is. */
const LOOK_MS = 5_000;
const RENEW_BEFORE_MS = 60_000;

/** Keeps a token in a file for as long as a child runs, renewed before it ends. */
async function keepToken(file: string, mint: () => Promise<string>, tell: (text: string) => void) {
  let endsAtMs = 0;
  async function write(): Promise<void> {
    const token = await mint();
    endsAtMs = readTokenClaims(token).endsAt?.getTime() ?? 0;
    await writeFile(`${file}.new`, token, { mode: 0o600 });
    await rename(`${file}.new`, file);
  }
  await write();
  const timer = setInterval(() => {
    if (endsAtMs - Date.now() < RENEW_BEFORE_MS)
      write().catch(() => tell('postern: the agent’s token could not be renewed; it is tried again.'));
  }, LOOK_MS);
  return () => clearInterval(timer);
}

/** `postern agent run --as <agent> -- cmd`: a child with a short token that names the agent, and nothing of its owner's. */
export function addAgent(program: Command, context: CliContext): void {
  program
    .command('agent')
    .description('run agents of yours')
    .command('run')
    .description('run a command as an agent of yours: with a short token that names it, and not your login')
    .requiredOption('--as <agent>', 'the principal that the command is')
    .argument('<command...>', 'the command and its arguments, after --')
    .action(async (argv: string[], _: unknown, command: Command) => {
      const options = { ...commonOf(command), ...command.opts<{ as: string }>() };
      const file = fileFor(options, context);
      const { tokenForAgent } = await import('../../login/log-in.ts');
      const own = await openLogin(file);
      const mint = async () => tokenForAgent(await readLogin(file), await own.token(), options.as);
      const folder = await mkdtemp(join(tmpdir(), 'postern-agent-'));
      const tokenFile = join(folder, 'token');
      const stop = await keepToken(tokenFile, mint, context.err);
      try {
        const change = agentChange({ POSTERN_API: endpointOf(options, context), tokenFile });
        context.exitWith(await runChild(argv, changedEnvironment(context.env, change)));
      } finally {
        stop();
        await rm(folder, { recursive: true, force: true });
      }
    });
}
