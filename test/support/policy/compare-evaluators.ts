import { evaluate } from '../../../policy/evaluate/evaluate.ts';
import { askSimulator } from './ask-simulator.ts';
import { KNOWN_DISAGREEMENTS } from './known-disagreements.ts';
import { applied, type Situation } from './situation.ts';

export type Comparison = { readonly ours: string; readonly theirs: string };

/** What our evaluator says of a situation, and what the simulator does. */
export async function compareEvaluators(situation: Situation): Promise<Comparison> {
  const ours = evaluate(situation.request, applied(situation)).outcome;
  return { ours, theirs: await askSimulator(situation) };
}

/**
 * The known disagreements that account for the two saying different things: once the situation is said in words
 * that both read alike, the simulator says what we said of it as it was. Undefined where none account for it.
 */
export async function explainDisagreement(
  situation: Situation,
  ours: string,
): Promise<readonly string[] | undefined> {
  const applied: string[] = [];
  let said = situation;
  for (const [name, rewrite] of Object.entries(KNOWN_DISAGREEMENTS)) {
    const rewritten = rewrite(said);
    if (JSON.stringify(rewritten) === JSON.stringify(said)) continue;
    said = rewritten;
    applied.push(name);
    if ((await askSimulator(said)) === ours) return applied;
  }
  return undefined;
}
