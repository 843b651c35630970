import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { posternProgram } from '../../support/postern-program.ts';

const folder = mkdtempSync(join(tmpdir(), 'postern-huge-'));
afterAll(() => rmSync(folder, { recursive: true }));

const MEGABYTE = 1_000_000;
const policy = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
const many = <Item>(count: number, make: (nth: number) => Item): Item[] =>
  Array.from({ length: count }, (_, nth) => make(nth));
const statement = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' };

/** Ten megabytes each, in the ways in which a file may have them. */
const HUGE: [what: string, text: string, said: RegExp][] = [
  [
    'statements',
    policy(...many(130_000, (nth) => ({ Sid: `S${nth}`, ...statement }))),
    /no policy of AWS is that long/,
  ],
  [
    'resources',
    policy({ ...statement, Resource: many(320_000, (nth) => `arn:aws:s3:::bucket-${nth}/*`) }),
    /no policy of AWS/,
  ],
  [
    'one text',
    policy({ ...statement, Resource: `arn:aws:s3:::${'a*'.repeat(5 * MEGABYTE)}` }),
    /no policy of AWS/,
  ],
  ['nesting', '{"a":'.repeat(2 * MEGABYTE), /nested|no policy of AWS/],
  ['a list of lists', '['.repeat(10 * MEGABYTE), /nested|no policy of AWS/],
  ['no JSON', `{"Version":\n ${'x'.repeat(10 * MEGABYTE)}`, /no JSON at line 2, column 2/],
  [
    'a policy that is cut off',
    policy(...many(130_000, () => statement)).slice(0, -1),
    /no JSON at line 1, column \d{7,8}/,
  ],
  ['zeros', '\0'.repeat(10 * MEGABYTE), /no JSON at line 1, column 1/],
];

type Ended = { readonly code: number | null; readonly out: string; readonly err: string };

/** Runs it in a heap that would not hold what a policy of that size takes to be judged. */
const check = (...args: string[]) =>
  new Promise<Ended>((done) => {
    const child = execFile(
      process.execPath,
      ['--max-old-space-size=700', posternProgram(), 'iam', 'check', ...args],
      { timeout: 60_000, killSignal: 'SIGKILL' },
      (_, out, err) => done({ code: child.exitCode, out, err }),
    );
  });

test.each(HUGE)(
  'of ten megabytes of %s a line says what is wrong, and the process ends by itself',
  async (what, text, said) => {
    const file = join(folder, `${what}.json`);
    writeFileSync(file, text);
    const { code, out, err } = await check(file);
    expect({ code, out, err }).toEqual({ code: 2, out: '', err: expect.stringMatching(said) });
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(err.length).toBeLessThan(500);
    expect(err).toContain(file);
  },
);

test('a template of ten megabytes is judged, policy by policy', async () => {
  const file = join(folder, 'template.json');
  const Resources = Object.fromEntries(
    many(2_000, (nth) => [
      `Own${nth}`,
      {
        Type: 'AWS::IAM::ManagedPolicy',
        Metadata: { padding: 'x'.repeat(4_500) },
        Properties: {
          PolicyDocument: { Version: '2012-10-17', Statement: [{ ...statement, Sid: `S${nth}` }] },
        },
      },
    ]),
  );
  writeFileSync(file, JSON.stringify({ Resources }));
  const { code, out } = await check(file, '--format', 'json', '--threads', '1');
  expect([code, JSON.parse(out).policies.length]).toEqual([0, 2_000]);
});
