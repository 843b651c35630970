import { createInterface } from 'node:readline';
import { PosternError } from '../../sdk/postern-error.ts';
import type { CliContext } from '../cli-context.ts';

/**
 * The code of an authenticator: as given, else the first line of standard input, for which a terminal is asked. It is
 * good once, so that a shell's history keeps nothing that counts.
 */
export async function readCode(given: string | undefined, { err, signal }: CliContext): Promise<string> {
  if (given !== undefined) return given;
  if (process.stdin.isTTY) err('Code of your authenticator:');
  const lines = createInterface({ input: process.stdin });
  const end = () => lines.close();
  signal.addEventListener('abort', end, { once: true });
  try {
    for await (const line of lines) return line.trim();
  } finally {
    signal.removeEventListener('abort', end);
    lines.close();
  }
  signal.throwIfAborted();
  throw new PosternError({
    code: 'no_code',
    detail: 'A vote takes a code of your authenticator: --code, or a line of input.',
  });
}
