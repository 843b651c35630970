import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonNode } from '../../../../policy/parse/json-node.ts';
import { scanJson } from '../../../../policy/parse/scan-json.ts';

/** What the nodes stand for; the last of two like keys, as JSON.parse has it. */
function valueOfNode(node: JsonNode): unknown {
  if (node.kind === 'object') {
    return Object.fromEntries(node.members.map(({ key, value }) => [key, valueOfNode(value)]));
  }
  if (node.kind === 'array') return node.items.map(valueOfNode);
  if (node.kind === 'string') return node.text;
  if (node.kind === 'number') return Number(node.text);
  return node.kind === 'boolean' ? node.value : null;
}

const parse = (text: string): { value: unknown } | undefined => {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
};

const scan = (text: string): { value: unknown } | undefined => {
  const scanned = scanJson(text);
  return scanned.ok ? { value: valueOfNode(scanned.node) } : undefined;
};

describe('JSON is read as strictly as the engine reads it', () => {
  test.each([
    '{}',
    '[]',
    ' [ ] ',
    '[1,]',
    '[,1]',
    '{"a":1,}',
    '{a:1}',
    "{'a':1}",
    '{"a" 1}',
    '{"a":}',
    '[1 2]',
    '01',
    '-',
    '-0',
    '1.',
    '.5',
    '1e',
    '1E+5',
    '+1',
    'NaN',
    'Infinity',
    'nul',
    'nullx',
    'true',
    'True',
    '"\\u00e9"',
    '"\\u00g9"',
    '"\\x"',
    '"a\nb"',
    '"a\tb"',
    '"',
    '"\\"',
    '"\\\\"',
    '"\\/\\b\\f\\n\\r\\t"',
    '// x\n1',
    '/* x */1',
    '\u00a01',
    '\ufeff1',
    '{}{}',
    '[',
    ']',
    '{',
    '}',
    '{"a":1',
    '["a"',
    '{"__proto__":1}',
    '"\ud800"',
    '"\u007f"',
    '\f1',
    '{"a":1,"a":2}',
    '"\\ud83d\\ude00"',
  ])('%j', (text) => {
    expect(scan(text)).toEqual(parse(text));
  });

  test('whatever it is', () => {
    const mutated = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom('', ',', '"', '{', ']', ':', '\\', ' ', '0', '\n', 'e'))
      .map(([text, place, put]) => {
        const index = place % (text.length + 1);
        return `${text.slice(0, index)}${put}${text.slice(index + 1)}`;
      });
    fc.assert(
      fc.property(fc.oneof(fc.json({ maxDepth: 5 }), mutated), (text) => {
        expect(scan(text)).toEqual(parse(text));
      }),
      { numRuns: 2_000, seed: 7 },
    );
  });
});

test('every value and key knows its line and column, whatever ends a line', () => {
  const scanned = scanJson('{\r\n "a": [1,\n\t"b"],\r"c": null}');
  expect(scanned).toEqual({
    ok: true,
    node: {
      kind: 'object',
      position: { line: 1, column: 1 },
      members: [
        {
          key: 'a',
          keyPosition: { line: 2, column: 2 },
          value: {
            kind: 'array',
            position: { line: 2, column: 7 },
            items: [
              { kind: 'number', text: '1', position: { line: 2, column: 8 } },
              { kind: 'string', text: 'b', position: { line: 3, column: 2 } },
            ],
          },
        },
        {
          key: 'c',
          keyPosition: { line: 4, column: 1 },
          value: { kind: 'null', position: { line: 4, column: 6 } },
        },
      ],
    },
  });
});
