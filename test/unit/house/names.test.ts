import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { boundNamesIn } from './bound-names.ts';
import { ROOT, readModuleGraph } from './module-graph.ts';

/** Words that say nothing alone. As fields they stay where a record or the API has them: docs/words.md. */
const SAYING_NOTHING = ['of', 'at', 'by', 'one', 'is'];
const names = SAYING_NOTHING.join('|');

/** What every file that binds such a name has somewhere; few others do, and the rest need not be parsed. */
const MAY_BIND = new RegExp(
  `\\b(?:${names})\\s*(?:[,:)=}\\]?;]|of |in )|(?:function|class|type)\\s+(?:${names})\\b`,
);

describe('names', () => {
  it('of variables and parameters say what they hold', () => {
    const found = [...readModuleGraph().keys()].flatMap((file) => {
      const text = readFileSync(join(ROOT, file), 'utf8');
      if (!MAY_BIND.test(text)) return [];
      return boundNamesIn(file, text)
        .filter(({ name }) => SAYING_NOTHING.includes(name))
        .map(({ name, line }) => `${file}:${line} ${name}`);
    });
    expect(found).toEqual([]);
  });

  it.each([
    'const one = 1;',
    'for (const of of []) f();',
    'const { at, b } = c;',
    'const [by] = c;',
    'xs.map((is) => 1);',
    'xs.map(async (a, one = 2) => 1);',
    'function of() {}',
    'function f(...by) {}',
  ])('are read in %s', (text) => {
    expect([
      MAY_BIND.test(text),
      boundNamesIn('text.ts', text).some(({ name }) => SAYING_NOTHING.includes(name)),
    ]).toEqual([true, true]);
  });
});

/**
 * Words with one meaning each, see docs/words.md, and the only files that may name something after them. Each of
 * these words once meant several things. `kept` names nothing: what is kept is cached, stored or retained.
 */
const HAVE_ONE_MEANING: Readonly<Record<string, RegExp>> = {
  kept: /^$/,
  standing: /^lambdas\/(?:assume-role\/|shared\/domain\/(?:approvals\/approvers-standing|errors)\.ts)/,
  facts:
    /^(?:clients\/(?:audit|calls)|lambdas\/(?:shared\/domain\/audit|write-log|assume-role|events\/(?:check-session|close-request|rejoin-archive)))\/|^console\/views\/(?:parts\/tell-story|pages\/(?:audit|calls|request)-page)/,
  basis: /^lambdas\/(?:tally-votes|shared\/domain\/approvals)\//,
  asked:
    /^lambdas\/(?:request-approval|validate-decision|tally-votes|front-door\/find-denials|events\/update-messages|shared\/(?:messages|domain\/request-row))|^console\/(?:views\/pages\/(?:approvals|home)-page|serve\/approval-pages)|^slack-app\/listeners\/approve/,
};

/** `KEPT_SECONDS` and `isKept` are about what is kept; `standingOf` is about standing. */
const wordsOf = (name: string): string[] =>
  name
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split('_');

describe('a word that once meant several things', () => {
  const files = [...readModuleGraph().keys()].filter(
    // Not yet held to it: the policy toolkit (what an account is asked) and the gateway (the facts of a call).
    (file) =>
      !/^(?:test|policy|gateway|clients\/iam|sandbox\/gateway)\/|^demo\/gateway-|^clients\/cli\/describe-calls/.test(
        file,
      ),
  );
  it.each(Object.entries(HAVE_ONE_MEANING))('names one: %s', (word, home) => {
    const found = files.flatMap((file) => {
      const text = readFileSync(join(ROOT, file), 'utf8');
      if (home.test(file) || !text.toLowerCase().includes(word)) return [];
      return boundNamesIn(file, text)
        .filter(({ name }) => wordsOf(name).includes(word))
        .map(({ name, line }) => `${file}:${line} ${name}`);
    });
    expect(found).toEqual([]);
  });
});

describe('the reader of names', () => {
  it('finds those of variables, parameters, functions and patterns, and no field', () => {
    const text = `
      const a = 1, { b, c: d, ...e } = f({ g: 1, h() {} });
      function i(j = 1, [k, , l], ...m) { for (const n of m) n.o = j; }
      const p = (q) => ({ at: q, by: q.of });
      try { p(1); } catch (r) {}
      class T { at = 1; constructor(t) { this.at = t; } }
      type U = { of: string; by: (v: number) => void };
    `;
    const names = boundNamesIn('text.ts', text).map(({ name }) => name);
    expect(names.sort()).toEqual([...'abdeijklmnpqrtvTU'].sort());
  });

  it('tells the line', () => {
    expect(boundNamesIn('text.ts', 'const a = 1;\n\nfunction b() {}\n')).toEqual([
      { name: 'a', line: 1 },
      { name: 'b', line: 3 },
    ]);
  });
});
