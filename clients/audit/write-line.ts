import { once } from 'node:events';

/** Writes a line to the standard output, and waits until it is taken. */
export async function writeLine(line: string): Promise<void> {
  if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain');
}
