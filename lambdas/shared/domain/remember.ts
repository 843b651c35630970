/**
 * Answers again what was answered for an input of the same key. Forgets everything once it has kept `most` answers,
 * so that nothing grows for ever. For pure questions alone: `keyOf` must hold all that the answer depends on.
 */
export function remember<Input, Answer>(
  most: number,
  keyOf: (input: Input) => string,
  ask: (input: Input) => Answer,
): (input: Input) => Answer {
  const answers = new Map<string, { answer: Answer }>();
  return (input) => {
    const key = keyOf(input);
    const found = answers.get(key);
    if (found) return found.answer;
    if (answers.size >= most) answers.clear();
    const answer = ask(input);
    answers.set(key, { answer });
    return answer;
  };
}
