import { createInterface } from 'node:readline/promises';
import { visibleText } from '../../../lambdas/shared/domain/text/show-hostile-text.ts';
import type { Question } from '../../../policy/generate/intent.ts';
import type { CliContext } from '../../cli/cli-context.ts';

type Terminal = { readonly input: NodeJS.ReadableStream; readonly output: NodeJS.WritableStream };

/** Asks a person at the terminal; an answer that is empty is asked for again. Throws where it is interrupted. */
export async function askInTerminal(
  questions: readonly Question[],
  { signal }: Pick<CliContext, 'signal'>,
  // What is generated goes to standard output, and may be piped on.
  { input, output }: Terminal = { input: process.stdin, output: process.stderr },
): Promise<Record<string, string>> {
  const lines = createInterface({ input, output });
  const answers: Record<string, string> = {};
  try {
    for (const { id, question, examples } of questions) {
      const text = `${visibleText(question)}\n  such as ${examples.map(visibleText).join(', ')}\n> `;
      while (!answers[id]) answers[id] = (await lines.question(text, { signal })).trim();
    }
    return answers;
  } finally {
    lines.close();
  }
}
