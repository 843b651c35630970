import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** The command lines in the document's sh blocks, but for the install that this runs under. */
const commands = [...readFileSync('CONTRIBUTING.md', 'utf8').matchAll(/^```sh\n(.*?)^```$/gms)]
  .flatMap(([, block = '']) => block.split('\n'))
  .map((line) => line.replace(/\s+#.*$/, '').trim())
  .filter((line) => line !== '' && line !== 'npm ci');

/** `npm test` over a part of the tests: it runs whole in .ci/run, and takes minutes. */
const PART = 'npm run check';

test('there are commands', () => expect(commands.length).toBeGreaterThan(2));

test(`${PART} is npm test, over the unit tests alone`, () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(commands).toContain(PART);
  expect(scripts.check).toBe(`${scripts.test} test/unit`);
});

test.each(commands.filter((line) => line !== PART))(
  '%s works, and runs some tests',
  (command) => {
    const { status, stdout, stderr } = spawnSync('bash', ['-c', command], {
      encoding: 'utf8',
      env: {
        ...process.env,
        NO_COLOR: '1',
        VITEST: undefined,
        POSTERN_DEEP: undefined,
        POSTERN_RUNS: '1000',
      },
    });
    expect([stderr, status]).toEqual([stderr, 0]);
    expect(stdout).toMatch(/Tests +[1-9]\d* passed/);
  },
  600_000,
);
