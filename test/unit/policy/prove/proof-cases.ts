import { readdirSync, readFileSync } from 'node:fs';
import type { ProofAnswer } from '../../../../policy/prove/prove.ts';
import type { Question } from './attack.ts';
import type { Document, PolicySet, StatementDocument } from './policy-sets.ts';

/** Statements by the layer that they stand in: a policy each. */
type Layers = {
  readonly identity: readonly StatementDocument[];
  readonly boundary?: readonly StatementDocument[];
  readonly session?: readonly StatementDocument[];
  readonly scp?: readonly (readonly StatementDocument[])[];
};

/** A question and its answer, as a file has it. */
export type ProofCase = {
  readonly name: string;
  readonly candidate: Layers;
  readonly reference: Layers;
  readonly verdict: ProofAnswer['verdict'];
  readonly why?: string;
  /** What the request that shows it has, as far as it is not free. */
  readonly request?: Record<string, unknown>;
};

export const FOLDER = 'test/cases/prove';
const document = (Statement: readonly StatementDocument[]): Document => ({
  Version: '2012-10-17',
  Statement,
});
const setOf = ({ identity, boundary, session, scp }: Layers): PolicySet => ({
  identity: [document(identity)],
  ...(boundary && { boundary: document(boundary) }),
  ...(session && { session: document(session) }),
  ...(scp && { scp: scp.map(document) }),
});

export const readCases = (file: string): ProofCase[] => JSON.parse(readFileSync(`${FOLDER}/${file}`, 'utf8'));

export const questionOf = ({ candidate, reference }: ProofCase): Question => ({
  candidate: setOf(candidate),
  reference: setOf(reference),
});

/** The questions of all files, in the files' order. */
export const readProofCases = (): Question[] =>
  readdirSync(FOLDER).toSorted().flatMap(readCases).map(questionOf);
