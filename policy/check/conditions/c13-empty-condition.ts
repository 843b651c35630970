import type { Check } from '../check.ts';
import { memberOf, statementNodes } from '../json-members.ts';

export const c13EmptyCondition: Check = {
  id: 'C13',
  severity: 'medium',
  title: 'an empty condition block',
  why: 'It limits nothing. Most often what stood in it was lost on the way.',
  remedy: 'Remove it, or write the condition.',
  *run({ root }) {
    for (const [index, node] of statementNodes(root).entries()) {
      const condition = memberOf(node, 'Condition');
      if (condition?.value.kind !== 'object') continue;
      const { members } = condition.value;
      const empty = members.filter(({ value }) => value.kind === 'object' && value.members.length === 0);
      if (members.length > 0 && empty.length === 0) continue;
      yield {
        path: `Statement[${index}].Condition`,
        ...(condition.keyPosition && { position: condition.keyPosition }),
        detail: members.length === 0 ? 'Condition is empty.' : `${empty[0]?.key} names no key.`,
        fix: (document) => {
          const written = document.Statement[index];
          const conditions = written?.Condition as Record<string, object> | undefined;
          if (!written || !conditions) return;
          for (const { key } of empty) delete conditions[key];
          if (Object.keys(conditions).length === 0) delete written.Condition;
        },
      };
    }
  },
};
