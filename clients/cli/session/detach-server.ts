import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import type { CliContext } from '../cli-context.ts';
import type { EnvironmentChange } from './session-environment.ts';

/** What `postern serve --variables-as-json` prints: variables, and which to clear. */
const printedSchema = z.object({ unset: z.array(z.string()) }).catchall(z.string());

/** A server that runs on in a process of its own. */
export type DetachedServer = { readonly pid: number; readonly change: EnvironmentChange };

/**
 * Starts `postern serve` with these arguments in a process of its own, waits until it has something to serve, and
 * leaves it running; answers its exit code where it ends before. What it says meanwhile is passed on, and so is an
 * interrupt, after which nothing is left running.
 */
export async function detachServer(
  args: readonly string[],
  { self, env, err, signal }: Pick<CliContext, 'self' | 'env' | 'err' | 'signal'>,
): Promise<DetachedServer | number> {
  const [file = '', ...before] = self;
  const server = spawn(file, [...before, 'serve', '--variables-as-json', ...args], {
    detached: true,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const interrupt = () => void server.kill('SIGTERM');
  signal.addEventListener('abort', interrupt, { once: true });
  const said = createInterface({ input: server.stderr });
  said.on('line', err);
  const printed = createInterface({ input: server.stdout });
  const ended = once(server, 'close').then(([code]) => (code as number | null) ?? 1);
  const line = await Promise.race([once(printed, 'line').then(([text]) => String(text)), ended]);
  signal.removeEventListener('abort', interrupt);
  if (typeof line === 'number') return line;
  const { unset, ...set } = printedSchema.parse(JSON.parse(line));
  said.close();
  printed.close();
  // This process ends; that one does not.
  server.stdout.destroy();
  server.stderr.destroy();
  server.unref();
  return { pid: server.pid ?? 0, change: { set: set as Record<string, string>, unset } };
}
