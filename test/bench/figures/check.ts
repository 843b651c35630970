import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readIamData } from '../../../clients/iam/read-iam-data.ts';
import { type CheckedPolicy, checkPolicy } from '../../../policy/check/check-policy.ts';
import { ALL_PATHS } from '../../../policy/check/escalation/all-paths.ts';
import { managedDocuments } from '../../support/managed-policies.ts';
import type { Row, TakeFigure } from '../figure.ts';

const EXAMPLE = 'docs/examples/iam/deployer.json';

type Timed = { readonly checked: CheckedPolicy; readonly milliseconds: number };

function timesOf(what: string, timed: readonly Timed[]): Row {
  const sorted = timed.map(({ milliseconds }) => milliseconds).sort((one, other) => one - other);
  const at = (share: number) =>
    Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(2));
  const seconds = sorted.reduce((sum, one) => sum + one, 0) / 1000;
  return {
    what,
    p50: at(0.5),
    p95: at(0.95),
    max: at(1),
    n: timed.length,
    's in all': Number(seconds.toFixed(1)),
  };
}

function check(name: string, document: unknown, data: ReturnType<typeof readIamData>): Timed {
  const text = JSON.stringify(document);
  const startedAt = performance.now();
  const checked = checkPolicy({ name, type: 'identity', text }, { data });
  return { checked, milliseconds: performance.now() - startedAt };
}

type Minimal = { readonly id: string; readonly policy: object };

/** How many of others' escalations are found, where their lists are at hand. */
function ofOthers(folder: string, data: ReturnType<typeof readIamData>): Row[] {
  const read = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8'));
  const minimal = read('pathfinding/minimal_policies.json') as Minimal[];
  const found = minimal.filter(({ id, policy }) => {
    const mine = ALL_PATHS.find(({ upstream }) => upstream === id);
    return check(id, policy, data).checked.findings.some((one) => one.id === mine?.id);
  });
  const combinations = Object.values(read('prowler/escalation-combinations.json')) as string[][];
  const flagged = combinations.filter((Action) => {
    const policy = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action, Resource: '*' } };
    return check('combination', policy, data).checked.findings.some(({ id }) => id.startsWith('P'));
  });
  return [
    { what: 'paths of pathfinding.cloud, each by its own id', found: found.length, n: minimal.length },
    { what: 'combinations of Prowler', found: flagged.length, n: combinations.length },
  ];
}

/** From the start of the process to its end: the built command line, on one policy. */
function ofCommand(times: number): Row {
  execFileSync(process.execPath, ['scripts/build-clients.ts'], { stdio: 'pipe' });
  const timed = Array.from({ length: times }, () => {
    const startedAt = performance.now();
    execFileSync(process.execPath, [
      'dist/clients/postern.mjs',
      'iam',
      'check',
      EXAMPLE,
      '--fail-on',
      'never',
    ]);
    return performance.now() - startedAt;
  }).sort((one, other) => one - other);
  const at = (share: number) => Math.round(timed[Math.floor((timed.length - 1) * share)] ?? 0);
  return { what: 'one policy, from a cold command line', p50: at(0.5), p95: at(0.95), max: at(1), n: times };
}

/** How long checks take, in milliseconds, and how many escalations of others' lists they find. */
export const takeFigure: TakeFigure = async (say, size) => {
  const data = readIamData();
  const isWhole = size === 'whole';
  const rows = [ofCommand(isWhole ? 10 : 1)];
  const { POSTERN_POLICY_DATA: folder } = process.env;
  if (folder) rows.push(...ofOthers(folder, data));
  else say('Escalations of others are left out: POSTERN_POLICY_DATA names no folder of them');
  const managed = isWhole ? managedDocuments() : [];
  if (managed && managed.length > 0) {
    const timed = managed.map(({ arn, document }) => check(arn, document, data));
    rows.push(timesOf('AWS’s managed policies, each whole', timed));
  }
  return rows;
};
