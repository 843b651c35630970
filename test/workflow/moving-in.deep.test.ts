import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeClone } from '../support/clone-of-project.ts';
import { isThere } from '../support/is-there.ts';
import { proposing, startScriptedReviewer } from '../support/scripted-reviewer.ts';

/** docs/moving-in.md, word by word: its files are written, its lines typed into one shell, and what it says is printed is. */

const DOCUMENT = 'docs/moving-in.md';
const SECTIONS = readFileSync(DOCUMENT, 'utf8').split(/^## /m);

type Block = { readonly language: string; readonly file: string | undefined; readonly text: string };
const blocksOf = (section: string): Block[] =>
  [...section.matchAll(/^```(\w+)(?: (\S+))?\n([\s\S]*?)^```$/gm)].map(
    ([, language = '', file, text = '']) => ({ language, file, text }),
  );

const folder = mkdtempSync(join(tmpdir(), 'postern-moving-in-'));
let sandbox: ChildProcess;
let shell: ChildProcess;
let reviewer: Awaited<ReturnType<typeof startScriptedReviewer>>;
/** Where the page says that the console is, and where it is here. */
let consoleUrl: string;

/** `npm start`, on free ports. */
async function start(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [resolve('sandbox/start.ts')], {
    cwd: folder,
    env: {
      ...{ PATH: process.env.PATH, HOME: folder },
      ...{ PORT: '0', AWS_PORT: '0', GATEWAY_PORT: '0', CHAT_PORT: '0' },
      ...{ OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: reviewer.url, OPENAI_MODEL: 'scripted' },
    },
  });
  const { promise: up, resolve: markUp, reject } = Promise.withResolvers<void>();
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => {
      printed += chunk;
      if (printed.includes('Ctrl-C ends it')) markUp();
    });
  child.once('close', () => reject(new Error(`it ended: ${printed}`)));
  await up;
  return child;
}

let typed = 0;
/** Types lines into the shell, and answers all that was printed until they were through. */
async function type(lines: string): Promise<string> {
  typed += 1;
  const mark = `through-${typed}-${process.pid}`;
  const { promise: through, resolve: markThrough } = Promise.withResolvers<string>();
  let printed = '';
  const note = (chunk: Buffer) => {
    printed += chunk;
    if (printed.includes(mark)) markThrough(printed.replace(mark, ''));
  };
  for (const stream of [shell.stdout, shell.stderr]) stream?.on('data', note);
  // What is run reads nothing of what is typed after it.
  shell.stdin?.write(`{\n${lines}\n} < /dev/null\necho ${mark.slice(0, 7)}"${mark.slice(7)}"\n`);
  const answer = await through;
  for (const stream of [shell.stdout, shell.stderr]) stream?.off('data', note);
  return answer;
}

const here = (text: string): string => text.replaceAll('http://localhost:4780', consoleUrl);

const START = 'npm ci && npm start\n';
async function begin(): Promise<void> {
  sandbox = await start();
  consoleUrl = JSON.parse(readFileSync(join(folder, '.sandbox/access.json'), 'utf8')).console;
}

/** A file of its own is written; guardrails are put at the end of those that are there. */
function write(file: string, text: string): void {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  if (file.endsWith('.cedar')) appendFileSync(path, `\n${text}`);
  else writeFileSync(path, here(text));
}

beforeAll(async () => {
  makeClone(folder);
  reviewer = await startScriptedReviewer();
  reviewer.says(({ principal, change, reason }) => {
    const judged = { approved: true, durationSeconds: 900, risk: 'medium', authorization: 'unclear' };
    if (change) return { text: { ...judged, reason: 'A person should look.' } };
    if (reason.includes('figures')) return proposing('risk_figures@treasury', ['s3:GetObject']);
    const isCustomers = principal.id === 'customer_support_agent';
    return proposing(isCustomers ? 'bank_balances' : 'bank_operational_metrics', ['dynamodb:Query']);
  });
  shell = spawn('bash', [], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, AWS_EC2_METADATA_DISABLED: 'true' },
  });
}, 300_000);
afterAll(async () => {
  shell?.kill('SIGKILL');
  sandbox?.kill('SIGINT');
  if (sandbox) await once(sandbox, 'close');
  await reviewer?.close();
  rmSync(folder, { recursive: true, force: true });
});

const sections = SECTIONS.map((section) => [section.split('\n')[0] ?? '', blocksOf(section)] as const).filter(
  ([, blocks]) => blocks.length > 0,
);

test.skipIf(!isThere('aws') && process.env.CI !== 'true').each(sections)(
  '%s',
  async (title, blocks) => {
    // Nothing that runs at night waits for a model: it is off from here on.
    if (title.includes('a job')) await reviewer.close();
    let printed = '';
    for (const { language, file, text } of blocks) {
      if (file !== undefined) write(file, text);
      else if (language === 'sh') {
        printed = await type(text.replace(START, ''));
        if (text.includes(START)) await begin();
      } else if (language === 'text')
        for (const line of text.trimEnd().split('\n')) expect(printed).toContain(line);
    }
  },
  180_000,
);

test('the page has what it is followed for', () => {
  const blocks = sections.flatMap(([, found]) => found);
  expect(blocks.filter(({ language, file }) => language === 'text' && !file).length).toBeGreaterThan(9);
});
