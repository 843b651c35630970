import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const { scripts }: { scripts: Record<string, string> } = JSON.parse(readFileSync('package.json', 'utf8'));

const wordsIn = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, word = '']) => word);

describe.each(['CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', 'docs/words.md'])('%s', (file) => {
  const text = readFileSync(file, 'utf8');

  test('names scripts that there are', () => {
    const named = wordsIn(text, /npm run (?:--silent )?([\w:-]*\w)/g);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  test('names files and folders that there are', () => {
    const linked = wordsIn(text, /\]\((?!https:)([^)#]+)\)/g).map((path) =>
      file.startsWith('docs/') ? `docs/${path}` : path,
    );
    const named = wordsIn(text, /`((?:\.\w+|[\w-]+)\/[\w./-]+)`/g);
    expect([...linked, ...named].filter((path) => !existsSync(path))).toEqual([]);
  });
});

test('the workflow of GitHub runs .ci/run, with rights to read alone', () => {
  const workflow = readFileSync('.github/workflows/ci.yml', 'utf8');
  expect(workflow).toMatch(/^ {6}- run: \.ci\/run$/m);
  expect(workflow).toMatch(/^permissions:\n {2}contents: read$/m);
});
