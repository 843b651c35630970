import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'postern-ci-'));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(
  join(folder, 'postern'),
  `#!/bin/sh\nexec '${process.execPath}' '${resolve('clients/cli/postern.ts')}' "$@"\n`,
);
chmodSync(join(folder, 'postern'), 0o755);

/** The script of a step, as its runner would hand it to bash: the lines that are indented below its key. */
function scriptIn(file: string, key: RegExp): string {
  const lines = readFileSync(file, 'utf8').split('\n');
  const start = lines.findIndex((line) => key.test(line)) + 1;
  const indent = /^ */.exec(lines[start] ?? '')?.[0].length ?? 0;
  const rest = lines.slice(start);
  const end = rest.findIndex((line) => line.trim() !== '' && (/^ */.exec(line)?.[0].length ?? 0) < indent);
  return rest
    .slice(0, end < 0 ? rest.length : end)
    .map((line) => line.slice(indent))
    .join('\n');
}

const runStep = (script: string, env: Record<string, string>): Promise<{ code: number; out: string }> =>
  new Promise((done) => {
    const child = execFile(
      'bash',
      // As GitHub and GitLab run steps: they stop at the first failure.
      ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script],
      { cwd: folder, env: { PATH: `${folder}:${process.env.PATH}`, HOME: folder, ...env } },
      (_, out, err) => done({ code: child.exitCode ?? -1, out: out + err }),
    );
  });

const policy = (Action: string, Resource: string) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource }] });
writeFileSync(join(folder, 'clean one.json'), policy('s3:GetObject', 'arn:aws:s3:::b/*'));
writeFileSync(join(folder, 'bad.json'), policy('iam:PutRolePolicy', '*'));

describe.each([
  ['the GitHub Action', 'docs/examples/ci/check-policies/action.yml', /^ {6}run: \|$/, 'out.sarif'],
  [
    'the GitLab template',
    'docs/examples/ci/check-policies.gitlab-ci.yml',
    /^ {4}- \|$/,
    'gl-code-quality-report.json',
  ],
])('%s', (_, file, key, report) => {
  const script = scriptIn(file, key);
  const env = (paths: string) => ({
    POSTERN_PATHS: paths,
    POSTERN_FAIL_ON: 'high',
    POSTERN_ACCOUNT: '',
    POSTERN_SARIF: 'out.sarif',
    GITHUB_STEP_SUMMARY: join(folder, 'summary.md'),
  });

  test('passes what is clean, fails what is not, and leaves a report', async () => {
    expect(script).toContain('postern iam check');
    expect(await runStep(script, env('clean one.json\n'))).toMatchObject({ code: 0 });
    expect(existsSync(join(folder, report))).toBe(true);
    expect(await runStep(script, env('clean one.json\nbad.json\n'))).toMatchObject({ code: 1 });
    expect(readFileSync(join(folder, report), 'utf8')).toContain('P35');
  });

  test('fails with 2 where a file is not there', async () => {
    expect(await runStep(script, env('nowhere.json'))).toMatchObject({ code: 2 });
  });

  test('takes a path for a path, whatever stands in it', async () => {
    const hostile = '$(touch pwned); `touch pwned` --fail-on never';
    expect(await runStep(script, env(hostile))).toMatchObject({ code: 2 });
    expect(existsSync(join(folder, 'pwned'))).toBe(false);
  });

  test('puts no input into a script', () => {
    expect(script).not.toContain('${{');
  });
});
