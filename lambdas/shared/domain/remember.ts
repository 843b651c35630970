/**
 * Answers again what was answered for an input of the same key. Forgets everything once it has kept `most` answers,
 * so that nothing grows for ever. For pure questions alone: `keyOf` must hold all that the answer depends on.
 */
export function remember<Input, Answer>(
  most: number,
  keyOf: (input: Input) => string,
  ask: (input: Input) => Answer,
): (input: Input) => Answer {
  const kept = new Map<string, { answer: Answer }>();
  return (input) => {
    const key = keyOf(input);
    const found = kept.get(key);
    if (found) return found.answer;
    if (kept.size >= most) kept.clear();
    const answer = ask(input);
    kept.set(key, { answer });
    return answer;
  };
}
