import * as z from 'zod';
import { makeSealer } from '../../console/sign-in/seal-cookie.ts';
import { subjectSchema } from '../../lambdas/shared/domain/access-request.ts';

/** A message that waits to be answered, and who says it. */
const workSchema = z.object({
  connectionId: z.string(),
  run: z.string(),
  subject: subjectSchema,
  token: z.string(),
  say: z.string(),
});
export type Work = z.infer<typeof workSchema>;

const PURPOSE = 'work';
/** Seconds for which it may wait: as long as the queue holds it, and a little. */
const WAITS_SECONDS = 90;

/**
 * Seals what waits in the queue, the customer's token in it, for the one function that answers: whoever reads the queue
 * reads nothing. The secret is asked for at each message, so that a new value of it is taken up.
 */
export const makeSealedWork = (secret: () => Promise<string>) => ({
  async seal(work: Work): Promise<string> {
    return (await makeSealer(await secret()).seal(PURPOSE, work, WAITS_SECONDS)).join('');
  },
  /** Undefined where it waited too long, or is none of ours. */
  async open(sealed: string): Promise<Work | undefined> {
    return makeSealer(await secret()).open(PURPOSE, [sealed], workSchema);
  },
});
export type SealedWork = ReturnType<typeof makeSealedWork>;
