import { createInterface } from 'node:readline';

/** Asks on this terminal; without one, reads the first line of standard input. Empty where it ends before a line. */
export function readLine(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin });
  process.stdout.write(question);
  return new Promise((resolve) => {
    lines.once('line', (line) => {
      resolve(line);
      lines.close();
    });
    lines.once('close', () => resolve(''));
  });
}
