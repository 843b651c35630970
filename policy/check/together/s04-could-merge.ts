import type { JsonNode } from '../../parse/json-node.ts';
import type { Check } from '../check.ts';
import { removeStatement } from '../edit-document.ts';
import type { PolicyDocument } from '../finding.ts';
import { jsonValueOf, statementNodes } from '../json-members.ts';
import { atStatement } from '../places.ts';

/** A statement's text without the two elements that tell likes apart. */
const otherThan = (node: JsonNode, element: string): string => {
  const { Sid: _, [element]: __, ...rest } = jsonValueOf(node) as Record<string, unknown>;
  return JSON.stringify(rest);
};

function merge(document: PolicyDocument, into: number, from: number, element: string): void {
  const [target, source] = [document.Statement[into], document.Statement[from]];
  if (!target || !source) return;
  target[element] = [...new Set([target[element], source[element]].flat())];
  removeStatement(document, from);
}

export const s04CouldMerge: Check = {
  id: 'S04',
  severity: 'low',
  title: 'statements that could be one',
  why: 'They differ in one list alone. One statement is shorter, and read at once.',
  remedy: 'Put both lists into one statement.',
  *run({ root, policy }) {
    const nodes = statementNodes(root);
    for (const element of ['Action', 'Resource']) {
      const seen = new Map<string, number>();
      for (const [index, node] of nodes.entries()) {
        if (node.kind !== 'object' || !node.members.some(({ key }) => key === element)) continue;
        const text = otherThan(node, element);
        const before = seen.get(text);
        const statement = policy.statements[index];
        if (before === undefined || !statement) seen.set(text, index);
        else
          yield {
            ...atStatement(statement),
            detail: `It differs from Statement[${before}] in ${element} alone.`,
            fix: (document) => merge(document, before, index, element),
          };
      }
    }
  },
};
