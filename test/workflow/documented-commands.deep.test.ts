import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { REGION } from '../../demo/place.ts';
import { makeClone, writeProgram } from '../support/clone-of-project.ts';
import { isThere } from '../support/is-there.ts';
import { posternProgram } from '../support/postern-program.ts';
import { proposing } from '../support/scripted-reviewer.ts';
import { type Cloud, startCloud } from '../support/start-cloud.ts';

/** A command line of a document: how it is tried here, which test tries it, or why none can. */
type Documented = {
  readonly line: string;
  /** Whose shell it is typed in, as `npm run as` makes it. */
  readonly as?: string;
  /** What stands for something else in the document, and what it is here. */
  readonly with?: Record<string, string>;
  /** What is typed behind it, where it prints nothing by itself. */
  readonly then?: string;
  /** A program without which it is not tried, but in CI. */
  readonly needs?: string;
  readonly prints?: string;
  readonly triedBy?: { readonly file: string; readonly saying: string };
  readonly notHere?: string;
};

const CASES = JSON.parse(readFileSync('test/cases/docs/commands.json', 'utf8')) as Documented[];
const METRICS = 'The weekly report needs the operational metrics.';

const DOCUMENTS = [
  ...readdirSync('.').filter((name) => name.endsWith('.md')),
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

/** The lines of a document's fenced shell blocks: continued ones and loops as one, without their comments. */
function linesOf(document: string): string[] {
  const blocks = [...readFileSync(document, 'utf8').matchAll(/^```(?:sh|bash|shell)\n(.*?)^```$/gms)];
  return blocks.flatMap(([, block = '']) =>
    block
      .replaceAll(/\\\n/g, ' ')
      .replaceAll(/^for .*?^done$/gms, (loop) => loop.replaceAll('\n', ' '))
      .split('\n')
      .map((line) =>
        line
          .replace(/(^|\s+)#.*$/, '')
          .replaceAll(/\s+/g, ' ')
          .trim(),
      )
      .filter((line) => line !== ''),
  );
}

/** Documents that a test of their own follows from their first line to their last. */
const FOLLOWED: Readonly<Record<string, string>> = {
  'docs/moving-in.md': 'test/workflow/moving-in.deep.test.ts',
};
const documented = new Set(DOCUMENTS.filter((name) => !FOLLOWED[name]).flatMap(linesOf));

test.each(Object.entries(FOLLOWED))('%s is followed by %s', (document, file) => {
  expect(readFileSync(file, 'utf8')).toContain(`const DOCUMENT = '${document}'`);
});

test('every command line of every document is tried, or it is said why not', () => {
  const known = CASES.map(({ line }) => line);
  expect([...documented].filter((line) => !known.includes(line))).toEqual([]);
  expect(known.filter((line) => !documented.has(line))).toEqual([]);
  for (const { line, prints, triedBy, notHere } of CASES)
    expect([line, [prints, triedBy, notHere].filter((way) => way !== undefined).length]).toEqual([line, 1]);
});

test.each(CASES.flatMap(({ line, triedBy }) => (triedBy ? [{ line, ...triedBy }] : [])))(
  '$line is tried by $file',
  ({ file, saying }) => {
    expect(readFileSync(file, 'utf8')).toContain(saying);
  },
);

describe('in a clone beside npm start', () => {
  let cloud: Cloud;
  let clone: string;
  beforeAll(async () => {
    clone = mkdtempSync(join(tmpdir(), 'postern-clone-'));
    cloud = await startCloud({ dataDir: join(clone, '.sandbox') } as never);
    cloud.reviewer.says(() => proposing('bank_operational_metrics', ['dynamodb:GetItem', 'dynamodb:Query']));
    prepareClone(clone, cloud);
  });
  afterAll(async () => {
    await cloud?.close();
    rmSync(clone, { recursive: true, force: true });
  });

  function shell(script: string): Promise<{ code: number | null; out: string; err: string }> {
    const env = {
      PATH: `${join(clone, 'bin')}:${process.env.PATH}`,
      HOME: join(clone, 'home'),
      AWS_EC2_METADATA_DISABLED: 'true',
    };
    const child = spawn('bash', ['-c', script], { cwd: clone, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const said = { out: '', err: '' };
    child.stdout.on('data', (chunk) => {
      said.out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      said.err += chunk;
    });
    return new Promise((done) => child.once('close', (code) => done({ code, ...said })));
  }

  const tried = CASES.filter(({ prints }) => prints !== undefined);
  test.each(tried.map((command) => [command.line, command] as const))(
    '%s',
    async (line, { as, with: others = {}, then, needs, prints = '' }) => {
      if (needs && !isThere(needs) && process.env.CI !== 'true') return;
      let typed = line;
      for (const [written, meant] of Object.entries(others)) typed = typed.replace(written, meant);
      if (/<request(-id)?>/.test(typed)) {
        const { body } = await cloud.as('analyst1')('POST', '/requests?wait=20', { reason: METRICS });
        typed = typed.replace(/<request(-id)?>/, String(body.requestId));
      }
      const script = [as && `eval "$(npm run --silent as -- ${as})"`, typed, then].filter(Boolean).join('\n');
      const ran = await shell(script);
      expect(ran, ran.err).toMatchObject({ code: 0, out: expect.stringMatching(new RegExp(prints, 'm')) });
    },
  );
});

/** What a user's machine has beside a clone: profiles, programs. */
function prepareClone(clone: string, { access, urls }: Cloud): void {
  makeClone(clone);
  mkdirSync(join(clone, '.sandbox'), { recursive: true });
  writeFileSync(join(clone, '.sandbox', 'access.json'), JSON.stringify({ ...urls, ...access }));
  const write = (path: string, text: string) => writeProgram(clone, path, text);
  write('bin/postern', `#!/bin/sh\nexec ${process.execPath} ${posternProgram()} "$@"\n`);
  write('bin/python', '#!/bin/sh\nexec python3 "$@"\n');
  write(
    'report.py',
    'import os\nprint(os.environ.get("AWS_ACCESS_KEY_ID") or os.environ["AWS_CONTAINER_CREDENTIALS_FULL_URI"])\n',
  );
  const key = access.principals.analyst1;
  write(
    'home/.aws/config',
    `[profile agent]\nregion = ${REGION}\naws_access_key_id = ${key?.accessKeyId}\naws_secret_access_key = ${key?.secretAccessKey}\n`,
  );
  if (!existsSync(join(clone, 'package.json'))) throw new Error('the clone has no package.json');
}
