import { existsSync, readFileSync, statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readFolder } from '../clients/cli/folder/read-folder.ts';
import { ACCOUNT_ID, REGION } from '../demo/place.ts';
import { demoPrincipals } from '../demo/principals.ts';
import { readPeople } from '../infra/deploy/read-people.ts';
import { findConfigProblems } from '../infra/find-config-problems.ts';
import { runCommand } from '../infra/run-command.ts';
import { makeConfig } from '../lambdas/shared/adapters/config/load-config.ts';
import { folderOfConfig } from '../lambdas/shared/adapters/config/read-config.ts';
import { inOneLine } from '../lambdas/shared/domain/config-check/finding.ts';
import { explain, matrixOf } from '../lambdas/shared/domain/guardrails/guardrail-answers.ts';
import { drawMatrix, matrixByGroup } from '../lambdas/shared/domain/guardrails/matrix-by-group.ts';
import type { Principal } from '../lambdas/shared/domain/principal.ts';
import { readRecordedRequests } from './replay-guardrails/read-recorded-requests.ts';
import { replayRequests } from './replay-guardrails/replay-requests.ts';
import { sayReplay } from './replay-guardrails/say-replay.ts';

const USAGE = `Usage: npm run guardrails -- check
       npm run guardrails -- matrix [--principal ID] [--resource KEY] [--never] [--lines]
       npm run guardrails -- explain <principal> <resource> <action>
       npm run guardrails -- replay <log> --config FOLDER [--from TIME] [--to TIME] [--all]

check looks at catalog, guardrails, approvals and limits together. matrix shows who could be given what, by groups
that are given the same; --never also what nobody of a group is given, --lines a line for each principal and action.
replay judges the requests of an exported audit log (npm run audit -- export --format jsonl; - is standard input) again,
by the configuration in force and by another folder's, and shows which would be answered otherwise.

  --people PLACE  these principals instead of the demo's: a file as npm run bootstrap reads it, or a folder as postern
                  export writes it`;

/** What is printed: an answer, or what was wrong with the question. */
type Answer = { readonly text: string; readonly failed?: boolean } | { readonly wrong: string };

const OPTIONS = {
  people: { type: 'string' },
  principal: { type: 'string' },
  resource: { type: 'string' },
  never: { type: 'boolean', default: false },
  lines: { type: 'boolean', default: false },
  config: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  all: { type: 'boolean', default: false },
} as const;

function readArguments() {
  try {
    return parseArgs({ allowPositionals: true, options: OPTIONS });
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exit(2);
  }
}
const { values, positionals } = readArguments();

async function principalsOf(place: string | undefined): Promise<Principal[]> {
  if (place === undefined)
    return demoPrincipals('https://issuer.example', ACCOUNT_ID).map(({ principal }) => principal);
  if (!existsSync(place) || !statSync(place).isDirectory())
    return readPeople(place).map(({ principal }) => principal);
  const { folder, problems } = await readFolder(place);
  const [problem] = problems;
  if (problem) throw new Error(`${place}: ${problem}`);
  return [...folder.principals.values()];
}

function check(principals: readonly Principal[]): Answer {
  const findings = findConfigProblems(folderOfConfig(), principals);
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const summary = `${errors} error${errors === 1 ? '' : 's'}, ${findings.length - errors} warning${findings.length - errors === 1 ? '' : 's'}`;
  return { text: [...findings.map(inOneLine), summary].join('\n'), failed: errors > 0 };
}

function showMatrix(config: ReturnType<typeof makeConfig>, principals: readonly Principal[]): Answer {
  const chosen = principals.filter(({ id }) => values.principal === undefined || id === values.principal);
  const keys = [...config.catalog.resources.keys()];
  if (chosen.length === 0) return { wrong: noPrincipal(values.principal ?? '', principals) };
  if (values.resource !== undefined && !keys.includes(values.resource))
    return { wrong: `The catalog has no ${values.resource}. Its resources are ${keys.join(', ')}.` };
  if (values.lines) return { text: matrixOf(config, chosen) };
  return { text: drawMatrix(matrixByGroup(config, chosen, values.resource), { never: values.never }) };
}

/** A time as people write it, a day or to the second. Undefined where it is none. */
function timeOf(text: string | undefined): Date | undefined {
  const time = new Date(text ?? Number.NaN);
  return Number.isNaN(time.getTime()) ? undefined : time;
}

function replay(file: string, principals: readonly Principal[]): Answer {
  if (values.config === undefined) return { wrong: `--config names the folder that is tried.\n\n${USAGE}` };
  const [from, to] = [timeOf(values.from), timeOf(values.to)];
  if ((values.from !== undefined && !from) || (values.to !== undefined && !to))
    return { wrong: '--from and --to take a day or a time, as 2026-11-01 or 2026-11-01T12:00:00Z.' };
  const { requests, leftOut } = readRecordedRequests(linesOf(file), { from, to });
  const place = { partition: 'aws', region: REGION, accountId: ACCOUNT_ID };
  const rules = { inForce: makeConfig(place), tried: makeConfig(place, values.config) };
  const known = new Map(principals.map((principal) => [principal.id, principal]));
  const { replayed, unknown } = replayRequests(requests, known, rules);
  return { text: sayReplay(replayed, leftOut, unknown, { all: values.all }) };
}

const linesOf = (file: string): string[] => readFileSync(file === '-' ? 0 : file, 'utf8').split('\n');

const noPrincipal = (id: string, principals: readonly Principal[]): string =>
  `There is no principal ${id}. There are ${principals.map((known) => known.id).join(', ')}.`;

async function answer([command, id, key, action]: string[]): Promise<Answer> {
  const principals = await principalsOf(values.people);
  if (command === 'check') return check(principals);
  if (command === 'replay' && id) return replay(id, principals);
  const config = makeConfig({ partition: 'aws', region: REGION, accountId: ACCOUNT_ID });
  if (command === 'matrix') return showMatrix(config, principals);
  if (command !== 'explain' || !id || !key || !action) return { wrong: USAGE };
  const principal = principals.find((known) => known.id === id);
  if (!principal) return { wrong: noPrincipal(id, principals) };
  const text = explain(config, principal, key, action);
  const keys = [...config.catalog.resources.keys()].join(', ');
  return text === undefined
    ? { wrong: `The catalog has no ${action} on ${key}. Its resources are ${keys}.` }
    : { text };
}

await runCommand(async () => {
  const answered = await answer(positionals);
  if ('text' in answered) {
    console.log(answered.text);
    if (answered.failed) process.exitCode = 1;
    return;
  }
  console.error(answered.wrong);
  process.exitCode = 2;
});
