import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { checkInputs } from '../../../clients/iam/check-inputs.ts';
import { readInputs } from '../../../clients/iam/inputs/read-inputs.ts';
import { plainReport } from '../../../clients/iam/outputs/plain-report.ts';
import { checkMany } from '../../../clients/iam/threads/check-many.ts';
import { threadsFor } from '../../../clients/iam/threads/check-on-threads.ts';
import { data } from '../../support/policy/check-case.ts';
import { runHere } from '../../support/run-here.ts';

const folder = mkdtempSync(join(tmpdir(), 'postern-threads-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...args: readonly string[]) {
  return runHere(['iam', 'check', ...args]);
}

const inlinePolicy = (PolicyName: string, Action: string) => ({
  PolicyName,
  PolicyDocument: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action, Resource: '*' } },
});
/** Neither policy escalates by itself. */
const TEMPLATE = {
  Resources: {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        Policies: [inlinePolicy('a', 'iam:PassRole'), inlinePolicy('b', 'glue:CreateDevEndpoint')],
      },
    },
  },
};

type Variant = { readonly policies: readonly object[] };
const variants: Variant[] = JSON.parse(readFileSync('test/cases/policy/escalation/unseen.json', 'utf8'));
for (const [nth, document] of variants.flatMap(({ policies }) => policies).entries())
  writeFileSync(join(folder, `${String(nth).padStart(3, '0')}.json`), JSON.stringify(document, null, 2));
writeFileSync(join(folder, 'broken.json'), '{ "Version": "2012-10-17", "Statement": [] }');
writeFileSync(join(folder, 'template.json'), JSON.stringify(TEMPLATE));
const BOUNDARY = 'boundary:docs/examples/iam/dynamodb.json';

describe.each([
  ['each by itself', [folder], false],
  ['under a boundary', [folder, BOUNDARY], false],
  ['of one principal', [folder], true],
])('many policies, %s', (_, files, together) => {
  test('are told the same, in the same order, by two threads', async () => {
    const inputs = await readInputs(files);
    expect(inputs.found.length).toBeGreaterThan(40);
    const expected = plainReport(checkInputs(inputs, { data }, together));
    expect(plainReport(await checkMany(inputs, { data }, together, { count: 2 }))).toEqual(expected);
  });
});

test('what a template’s role has is judged together also where threads read it', async () => {
  const { policies } = await checkMany(await readInputs([folder]), { data }, false, { count: 2 });
  expect(policies.at(-1)?.findings.map(({ id }) => id)).toEqual(['P25']);
});

test('the command says the same for one thread and for two', async () => {
  const args = [folder, '--account', '123456789012', '--least', 'note', '--format', 'sarif'];
  const alone = await run(...args, '--threads', '1');
  expect(alone).toMatchObject({ code: 1, err: '' });
  expect(await run(...args, '--threads', '2')).toEqual(alone);
});

test.each(['0', '65', 'two', '1.5'])('%s threads are a usage error', async (count) => {
  expect(await run(folder, '--threads', count)).toMatchObject({ code: 2, out: '' });
});

test('few policies start no thread, many start one for each processor', () => {
  expect([1, 79, 80, 1_500].map((policies) => threadsFor(policies, 2))).toEqual([0, 1, 2, 2]);
  expect(threadsFor(1_500, 96)).toBe(8);
  expect(threadsFor(1_500, 1)).toBe(1);
});

describe('a thread that fails ends with an error, and with no answer', () => {
  const program = (onMessage: string) =>
    new URL(
      `data:text/javascript,${encodeURIComponent(`
        import { parentPort } from 'node:worker_threads';
        let nth = 0;
        const answer = ({ given }) => parentPort.postMessage({ checked: { name: given.name, type: given.type, findings: [], isRead: true } });
        parentPort.on('message', (message) => { nth += 1; ${onMessage} });
      `)}`,
    );
  const check = async (onMessage: string, signal?: AbortSignal) =>
    checkMany(await readInputs([folder]), { data }, false, {
      count: 2,
      program: program(onMessage),
      ...(signal && { signal }),
    });

  test('the double answers where it does not fail', async () => {
    const { policies } = await check('answer(message);');
    expect(policies.map(({ name }) => name)).toContain(join(folder, '000.json'));
  });

  test.each([
    ['ends', 'process.exit(3);', 'it ended with 3'],
    ['ends as if all were well', 'process.exit(0);', 'it ended with 0'],
    ['throws', "throw new Error('out of luck');", 'out of luck'],
    ['throws what is no error', 'throw null;', 'its thread ended'],
  ])('that %s after some answers', async (_, failure, said) => {
    const checked = check(`if (nth > 5) { ${failure} } else answer(message);`);
    await expect(checked).rejects.toThrow(said);
    await expect(checked).rejects.toMatchObject({
      code: 'invalid_policy',
      message: expect.stringMatching(/\d{3}\.json could not be judged/),
    });
  });

  test('that could not judge a policy', async () => {
    const checked = check("parentPort.postMessage({ problem: 'p.json could not be judged: too large' });");
    await expect(checked).rejects.toThrow('p.json could not be judged: too large');
  });

  test('a long policy is checked where an interrupt ends it: in this thread nothing could', async () => {
    const long = join(folder, 'long.txt');
    const Resource = Array.from({ length: 4_000 }, (_, nth) => `arn:aws:s3:::bucket-${nth}/*`);
    writeFileSync(
      long,
      JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource }],
      }),
    );
    const interrupt = new AbortController();
    const checked = checkMany(await readInputs([long]), { data }, false, { signal: interrupt.signal });
    interrupt.abort();
    await expect(checked).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('an interrupt ends threads that never answer', async () => {
    const interrupt = new AbortController();
    const checked = check('', interrupt.signal);
    interrupt.abort();
    await expect(checked).rejects.toMatchObject({ name: 'AbortError' });
    await expect(check('', interrupt.signal)).rejects.toMatchObject({ name: 'AbortError' });
  });
});
