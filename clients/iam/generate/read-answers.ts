import { PosternError } from '../../sdk/postern-error.ts';

/** Answers as they are written on a command line: `account=123456789012`. Throws `invalid_request`. */
export function readAnswers(written: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    written.map((text): [string, string] => {
      const [, id, value] = /^([A-Za-z]+(?:\.\d+)?)=(.+)$/s.exec(text) ?? [];
      if (id === undefined || value === undefined)
        throw new PosternError({
          code: 'invalid_request',
          detail: `${text} is no answer: write the question's id, =, and the answer.`,
        });
      return [id, value];
    }),
  );
}
