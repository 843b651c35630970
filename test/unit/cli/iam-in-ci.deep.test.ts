import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { buildPrograms } from '../../../scripts/build-programs.ts';

const folder = mkdtempSync(join(tmpdir(), 'postern-ci-'));
const bin = join(folder, 'bin');
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(async () => {
  // What a runner has installed: the built program, on its path.
  await buildPrograms(join(folder, 'package'));
  mkdirSync(bin);
  symlinkSync(join(folder, 'package', 'postern.mjs'), join(bin, 'postern'));
}, 120_000);

type Run = { readonly code: number; readonly out: string };

/** As GitHub and GitLab run steps: in a shell that stops at the first failure, with this environment and no other. */
const runStep = (script: string, cwd: string, env: Readonly<Record<string, string>>): Promise<Run> =>
  new Promise((done) => {
    const child = execFile(
      'bash',
      ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script],
      { cwd, env: { PATH: `${bin}:${process.env.PATH}`, HOME: folder, ...env } },
      (_, out, err) => done({ code: child.exitCode ?? -1, out: out + err }),
    );
  });

const actionSchema = z.object({
  inputs: z.record(
    z.string(),
    z.object({ required: z.boolean().optional(), default: z.string().optional() }),
  ),
  runs: z.object({
    using: z.literal('composite'),
    steps: z.array(
      z.object({ shell: z.literal('bash'), run: z.string(), env: z.record(z.string(), z.string()) }),
    ),
  }),
});

/** Runs the steps of a composite action as GitHub does: each input where an expression names it, and nowhere else. */
async function runAction(file: string, given: Readonly<Record<string, string>>, cwd: string): Promise<Run> {
  const { inputs, runs } = actionSchema.parse(parse(readFileSync(file, 'utf8')));
  for (const [name, { required }] of Object.entries(inputs))
    if (required && given[name] === undefined) throw new Error(`the action needs ${name}`);
  const filledIn = (text: string) =>
    text.replace(/\$\{\{\s*inputs\.([\w-]+)\s*\}\}/g, (_, name: string) => {
      if (!inputs[name]) throw new Error(`the action has no input ${name}`);
      return given[name] ?? inputs[name].default ?? '';
    });
  let last: Run = { code: 0, out: '' };
  for (const { run, env } of runs.steps) {
    const variables = Object.fromEntries(Object.entries(env).map(([name, text]) => [name, filledIn(text)]));
    // GitHub would put inputs into a script as text, to be run.
    last = await runStep(filledIn(run), cwd, { ...variables, GITHUB_STEP_SUMMARY: join(cwd, 'summary.md') });
    if (last.code !== 0) break;
  }
  return last;
}

const templateSchema = z.record(
  z.string(),
  z.object({
    variables: z.record(z.string(), z.string()),
    script: z.array(z.string()),
    artifacts: z.object({ when: z.literal('always'), reports: z.object({ codequality: z.string() }) }),
  }),
);

/** Runs the job of a template as GitLab does, with the variables of a job that extends it; answers its report, too. */
async function runTemplate(file: string, given: Readonly<Record<string, string>>, cwd: string) {
  const [[, job] = []] = Object.entries(templateSchema.parse(parse(readFileSync(file, 'utf8'))));
  if (!job) throw new Error('the template has no job');
  const run = await runStep(job.script.join('\n'), cwd, { ...job.variables, ...given });
  return { ...run, report: join(cwd, job.artifacts.reports.codequality) };
}

const policy = (Action: string, Resource: string) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource }] });

/** A checkout of its own, with policies in it. */
function checkout(): string {
  const cwd = mkdtempSync(join(folder, 'checkout-'));
  mkdirSync(join(cwd, 'policies'));
  writeFileSync(join(cwd, 'policies', 'clean one.json'), policy('s3:GetObject', 'arn:aws:s3:::b/*'));
  writeFileSync(join(cwd, 'bad.json'), policy('iam:PutRolePolicy', '*'));
  writeFileSync(join(cwd, '-dash.json'), policy('iam:PutRolePolicy', '*'));
  return cwd;
}

const ACTION = 'docs/examples/ci/check-policies/action.yml';
const TEMPLATE = 'docs/examples/ci/check-policies.gitlab-ci.yml';
type Given = { readonly paths: string; readonly failOn?: string };
const RUNNERS: [string, (given: Given, cwd: string) => Promise<Run & { report: string }>][] = [
  [
    'the GitHub Action',
    async ({ paths, failOn }, cwd) => ({
      ...(await runAction(ACTION, { paths, ...(failOn && { 'fail-on': failOn }) }, cwd)),
      report: join(cwd, 'postern-iam.sarif'),
    }),
  ],
  [
    'the GitLab template',
    ({ paths, failOn }, cwd) =>
      runTemplate(TEMPLATE, { POSTERN_PATHS: paths, ...(failOn && { POSTERN_FAIL_ON: failOn }) }, cwd),
  ],
];

describe.each(RUNNERS)('%s, its steps run here with the built program', (_, run) => {
  test('passes what is clean, fails what is not, and leaves a report either way', async () => {
    const cwd = checkout();
    const clean = await run({ paths: 'policies/clean one.json\n' }, cwd);
    expect(clean).toMatchObject({ code: 0 });
    expect(JSON.parse(readFileSync(clean.report, 'utf8'))).toBeDefined();
    const bad = await run({ paths: 'policies\nbad.json\n' }, cwd);
    expect(bad).toMatchObject({ code: 1 });
    expect(readFileSync(bad.report, 'utf8')).toContain('P35');
  });

  test('fails from the severity on that is named', async () => {
    expect(await run({ paths: 'bad.json', failOn: 'never' }, checkout())).toMatchObject({ code: 0 });
    expect(await run({ paths: 'bad.json', failOn: 'whatever' }, checkout())).toMatchObject({ code: 2 });
  });

  test.each([
    ['a file that is not there', 'nowhere.json'],
    ['no path at all', '\n  \n'],
    ['what is no policy', 'policies\n/dev/null/x'],
  ])('fails with 2 for %s', async (_what, paths) => {
    expect(await run({ paths }, checkout())).toMatchObject({ code: 2 });
  });

  test('takes a path for a path, whatever stands in it', async () => {
    const cwd = checkout();
    expect(await run({ paths: '$(touch pwned); `touch pwned` --fail-on never' }, cwd)).toMatchObject({
      code: 2,
    });
    expect(existsSync(join(cwd, 'pwned'))).toBe(false);
    expect(await run({ paths: '-dash.json' }, cwd)).toMatchObject({ code: 1 });
  });
});

test('the action puts no input into a script, and leaves a summary of what was found', async () => {
  const { runs } = actionSchema.parse(parse(readFileSync(ACTION, 'utf8')));
  for (const { run } of runs.steps) expect(run).not.toContain('${{');
  const cwd = checkout();
  await runAction(ACTION, { paths: 'bad.json', account: '123456789012', sarif: 'own.sarif' }, cwd);
  expect(readFileSync(join(cwd, 'summary.md'), 'utf8')).toContain('P35');
  expect(JSON.parse(readFileSync(join(cwd, 'own.sarif'), 'utf8'))).toMatchObject({ version: '2.1.0' });
});
