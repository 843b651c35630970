import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { describeProof } from '../../../clients/iam/describe-proof.ts';
import { posternProgram } from '../../support/postern-program.ts';
import { runHere } from '../../support/run-here.ts';

const folder = mkdtempSync(join(tmpdir(), 'postern-iam-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** `postern` as a program on the path. */
writeFileSync(join(folder, 'postern'), `#!/bin/sh\nexec '${process.execPath}' '${posternProgram()}' "$@"\n`);
chmodSync(join(folder, 'postern'), 0o755);

type Ran = { readonly code: number; readonly out: string; readonly err: string };

const runLine = (line: string): Promise<Ran> =>
  new Promise((done) => {
    const env = { PATH: `${folder}:${process.env.PATH}`, HOME: folder };
    const child = execFile('sh', ['-c', line], { env }, (_, out, err) =>
      done({ code: child.exitCode ?? -1, out, err }),
    );
  });

/** Runs it in this process, which is quick. */
async function run(...args: readonly string[]): Promise<Ran> {
  return runHere(args);
}

const blocks = [
  ...readFileSync('docs/iam.md', 'utf8').matchAll(/^```sh\n((?:(?!```).)*)^```\n\n```text\n(.*?)^```$/gms),
].map(([, line = '', out = '']) => ({ line, out }));

describe('docs/iam.md', () => {
  test('shows what each of its commands says', () => expect(blocks).toHaveLength(9));

  test.each(blocks)('says the truth of $line', async ({ line, out }) => {
    const ran = await runLine(line);
    expect({ out: ran.out, err: ran.err }).toEqual({ out, err: '' });
    expect(ran.code).toBe(/within|^account |\(read by/.test(out) ? 0 : 1);
  });
});

const policy = (name: string, ...statements: object[]): string => {
  const file = join(folder, `${name}.json`);
  writeFileSync(file, JSON.stringify({ Version: '2012-10-17', Statement: statements }));
  return file;
};
const s3 = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' };

describe('what it ends with', () => {
  const narrow = policy('narrow', { ...s3, Resource: 'arn:aws:s3:::b/x' });
  const wide = policy('wide', s3);
  const unclear = policy('unclear', {
    ...s3,
    Action: 'dynamodb:GetItem',
    Resource: '*',
    Condition: { StringEquals: { 'dynamodb:LeadingKeys': 'k' } },
  });
  const open = policy('open', {
    ...s3,
    Action: 'dynamodb:GetItem',
    Resource: '*',
    Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': 'k' } },
  });

  test.each([
    ['0 where it is within', [narrow], [wide], 0],
    ['1 where it is wider', [wide], [narrow], 1],
    ['3 where it is unknown', [unclear], [open], 3],
    ['0 where a limit makes it so', [wide, `session:${narrow}`], [narrow], 0],
    ['1 where a limit of the reference makes it so', [wide], [wide, `boundary:${narrow}`], 1],
    ['0 where two policies of the reference do together', [wide], [narrow, wide], 0],
    ['2 of a file that is not there', [join(folder, 'gone')], [wide], 2],
    ['2 of standard input twice', ['-'], ['-'], 2],
    ['2 of a resource policy among others', [`resource:${wide}`, narrow], [wide], 2],
    ['2 of a policy that is none of its type', [`resource:${wide}`], [wide], 2],
  ])('%s', async (_, candidate, reference, code) => {
    const ran = await run('iam', 'prove', '--candidate', ...candidate, '--reference', ...reference);
    expect([ran.code, ran.out === '']).toEqual([code, code === 2]);
    expect(ran.err === '').toBe(code !== 2);
  });

  test('2 of an option that is missing, and it says which', async () => {
    const ran = await run('iam', 'prove', '--candidate', wide);
    expect([ran.code, ran.err]).toEqual([2, expect.stringContaining('--reference')]);
  });

  test('2 of a policy that AWS would refuse, and it says where', async () => {
    const broken = join(folder, 'broken.json');
    writeFileSync(
      broken,
      '{"Version":"2012-10-17",\n"Statement":[{"Effect":"Maybe","Action":"*","Resource":"*"}]}',
    );
    const ran = await run('--json', 'iam', 'prove', '--candidate', broken, '--reference', wide);
    expect(ran.code).toBe(2);
    expect(JSON.parse(ran.err).error).toEqual({
      code: 'invalid_policy',
      message: `${broken} is no identity policy: unknown-effect (line 2, column 24, Statement[0].Effect)`,
    });
  });
});

test('what comes from a policy does nothing to the terminal', () => {
  const request = {
    action: 's3:getobject',
    resource: 'arn:aws:s3:::b/\u001b]0;owned\u0007\u202e',
    principal: 'AWS:x',
    context: { 'aws:TagKeys\n': ['a', 'b'] },
  };
  expect(describeProof({ verdict: 'wider', request, isKnown: false }).split('\n')).toEqual([
    'wider: the candidate allows this, and the reference does not',
    '  action        s3:getobject',
    '  resource      arn:aws:s3:::b/\\u{1B}]0;owned\\u{7}\\u{202E}',
    '  principal     AWS:x',
    '  aws:TagKeys\\n  a, b',
    '  (no call that AWS has today is known to show it)',
  ]);
});
