import * as z from 'zod';

/** A request that the session would allow and its bounds do not, as the prover found it. Bounded where it is kept. */
const counterexampleSchema = z.object({
  action: z.string().max(200),
  resource: z.string().max(600),
  context: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
});

/** What was proved of a session policy, and against what. */
export const proofSchema = z.object({
  verdict: z.enum(['within', 'wider']),
  /** Of the grants that the reference was built from. */
  referenceDigest: z.string(),
  /** What the proof took. */
  milliseconds: z.number().min(0),
  counterexample: counterexampleSchema.optional(),
});
export type Proof = z.infer<typeof proofSchema>;

/** The proof in a line for people. */
export const proofInWords = ({ verdict, counterexample }: Proof): string =>
  verdict === 'within'
    ? 'Proved: the session can do what is granted here and nothing else.'
    : `Refused: the session could do more (${counterexample?.action ?? 'a call'} on ${counterexample?.resource ?? 'something'}).`;
