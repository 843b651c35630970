import { createHash } from 'node:crypto';
import { ReviewerUnavailable } from '../../../lambdas/shared/domain/errors.ts';
import type { AskReviewer } from '../../../lambdas/shared/domain/review.ts';
import type { IamData } from '../../../policy/data/iam-data.ts';
import { problemsOfAnswers } from '../../../policy/generate/answer-problems.ts';
import type { Intent } from '../../../policy/generate/intent.ts';
import { problemsOfIntent } from '../../../policy/generate/intent-problems.ts';
import { PosternError } from '../../sdk/postern-error.ts';
import { groundIntent, type Said } from './ground-intent.ts';
import { modelIntentSchema, readModelIntent } from './intent-schema.ts';
import { INSTRUCTIONS, promptOf } from './prompt.ts';

/** As often as the validator sends a review back. */
const MOST_ATTEMPTS = 3;

/** Characters of what may be asked for. */
export const MOST_PROSE = 4_000;

export type Understood =
  | { readonly kind: 'policy'; readonly intent: Intent; readonly model: string }
  | { readonly kind: 'question'; readonly about: readonly string[]; readonly model: string };

const refused = (code: string, detail: string): PosternError => new PosternError({ code, detail });

/** Asked anew for the last of so many problems, no more. */
const MOST_FEEDBACK = 10;

/**
 * What the prose says, by a model: an intent whose services, kinds and actions AWS has, and whose names somebody wrote.
 * An answer that is not such is sent back with what is wrong, at most twice. Throws `invalid_request` where the prose
 * names no job, `intent_refused` where the model refuses or stays wrong, `reviewer_unavailable` where it is down.
 */
export async function askIntent(ask: AskReviewer, said: Said, data: IamData): Promise<Understood> {
  const prose = said.prose.at(-1) ?? '';
  const schema = modelIntentSchema(data.services);
  let feedback: readonly string[] = [];
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
    const input = promptOf({ prose, before: said.before, feedback });
    const safetyId = createHash('sha256').update('postern iam generate').digest('hex');
    const answer = await ask({ instructions: INSTRUCTIONS, input, schema, safetyId }).catch(
      (error: unknown) => {
        if (error instanceof ReviewerUnavailable)
          throw refused(
            'reviewer_unavailable',
            `The model could not be asked: ${error.message}. --offline does without.`,
          );
        throw error;
      },
    );
    if (answer.kind === 'refused') throw refused('intent_refused', `The model refused: ${answer.detail}`);
    if (answer.kind === 'incomplete') {
      feedback = [answer.detail];
      continue;
    }
    const read = readModelIntent(answer.text);
    if ('offSchema' in read) {
      feedback = [
        'Your last output did not fit its schema; return exactly the fields it names.',
        read.offSchema,
      ];
      continue;
    }
    const { intent: model } = read;
    if (model.kind === 'question') return { kind: 'question', about: model.about, model: answer.model };
    if (model.kind === 'unclear')
      throw refused(
        'invalid_request',
        'It names no job: say what is to be done, on which resources, as “read the objects of the bucket reports”.',
      );
    const grounded = groundIntent(model, said);
    const problems =
      'problems' in grounded
        ? grounded.problems
        : [...problemsOfIntent(grounded.intent, data), ...problemsOfAnswers(grounded.intent, data)];
    if ('intent' in grounded && problems.length === 0)
      return { kind: 'policy', intent: grounded.intent, model: answer.model };
    feedback = problems.slice(0, MOST_FEEDBACK).map((problem) => problem.slice(0, 500));
  }
  throw refused(
    'intent_refused',
    `The model gave no intent that can be used, in ${MOST_ATTEMPTS} attempts: ${feedback.join('; ')}`,
  );
}
