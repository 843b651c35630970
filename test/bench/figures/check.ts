import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { accountOf } from '../../../clients/iam/account/account-of.ts';
import { collectedSchema } from '../../../clients/iam/account/collected-account.ts';
import { readIamData } from '../../../clients/iam/read-iam-data.ts';
import { auditAccount } from '../../../policy/audit/audit-account.ts';
import { type CheckedPolicy, checkPolicy } from '../../../policy/check/check-policy.ts';
import { ALL_PATHS } from '../../../policy/check/escalation/all-paths.ts';
import { managedDocuments } from '../../support/managed-policies.ts';
import { allow, COLLECTED, inline, policyDocument, role } from '../../support/policy/collected-account.ts';
import type { Row, TakeFigure } from '../figure.ts';
import { rowsOfAudits } from '../peers/rows-of-audits.ts';
import { rowOfVariants, rowsOfPeers } from '../peers/rows-of-peers.ts';

const EXAMPLE = 'docs/examples/iam/deployer.json';

type Data = ReturnType<typeof readIamData>;
type Timed = { readonly checked: CheckedPolicy; readonly milliseconds: number };

function timesOf(what: string, timed: readonly Timed[]): Row {
  const sorted = timed.map(({ milliseconds }) => milliseconds).sort((first, other) => first - other);
  const quantile = (share: number) =>
    Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(2));
  const seconds = sorted.reduce((sum, first) => sum + first, 0) / 1000;
  return {
    what,
    p50: quantile(0.5),
    p95: quantile(0.95),
    max: quantile(1),
    n: timed.length,
    's in all': Number(seconds.toFixed(1)),
  };
}

function check(name: string, document: unknown, data: Data): Timed {
  const text = JSON.stringify(document);
  const startedAt = performance.now();
  const checked = checkPolicy({ name, type: 'identity', text }, { data });
  return { checked, milliseconds: performance.now() - startedAt };
}

type Minimal = { readonly id: string; readonly policy: object };

/** How many of others' escalations are found, where their lists are at hand. */
function ofOthers(folder: string, data: Data): Row[] {
  const read = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8'));
  const minimal = read('pathfinding/minimal_policies.json') as Minimal[];
  const found = minimal.filter(({ id, policy }) => {
    const mine = ALL_PATHS.find(({ upstream }) => upstream === id);
    return check(id, policy, data).checked.findings.some((first) => first.id === mine?.id);
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

/** The built command line, and how long it took from the start of its process to its end. */
function runCheck(...args: readonly string[]): { readonly out: string; readonly milliseconds: number } {
  const startedAt = performance.now();
  const out = execFileSync(
    process.execPath,
    ['dist/clients/postern.mjs', 'iam', 'check', ...args, '--fail-on', 'never'],
    { encoding: 'utf8', maxBuffer: 500_000_000 },
  );
  return { out, milliseconds: performance.now() - startedAt };
}

/** One policy. */
function ofCommand(times: number): Row {
  const timed = Array.from({ length: times }, () => runCheck(EXAMPLE).milliseconds).sort(
    (first, other) => first - other,
  );
  const quantile = (share: number) => Math.round(timed[Math.floor((timed.length - 1) * share)] ?? 0);
  return {
    what: 'one policy, from a cold command line',
    p50: quantile(0.5),
    p95: quantile(0.95),
    max: quantile(1),
    n: times,
  };
}

type Document = { readonly arn: string; readonly document: object };

/** All of them in a folder, by one thread and by one for each processor. Throws where the two do not say the same. */
function ofMany(documents: readonly Document[]): Row[] {
  const folder = mkdtempSync(join(tmpdir(), 'postern-bench-'));
  try {
    for (const { arn, document } of documents)
      writeFileSync(join(folder, `${encodeURIComponent(arn)}.json`), JSON.stringify(document, null, 2));
    const args = [folder, '--format', 'json', '--least', 'note'];
    const [alone, together] = [runCheck(...args, '--threads', '1'), runCheck(...args)];
    if (alone.out !== together.out) throw new Error('several threads do not say what one says');
    const { policies } = JSON.parse(alone.out) as { policies: { isRead: boolean }[] };
    if (policies.length !== documents.length)
      throw new Error(`${policies.length} of ${documents.length} policies were checked`);
    const row = (threads: number, milliseconds: number): Row => ({
      what: `AWS’s managed policies, by the command line, ${threads === 1 ? 'one thread' : 'a thread for each processor'}`,
      n: documents.length,
      's in all': Number((milliseconds / 1000).toFixed(1)),
    });
    return [row(1, alone.milliseconds), row(availableParallelism(), together.milliseconds)];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const ofTwoPolicies = (n: number) => ({
  RolePolicyList: [
    inline('a', policyDocument(allow(['s3:GetObject', 'iam:PassRole'], `arn:aws:s3:::b${n}/*`))),
    inline('b', policyDocument(allow(['lambda:UpdateFunctionCode', 'dynamodb:GetItem']))),
  ],
});
/** Made to be slow: everybody may become everybody, and a machine run as anybody. */
const trustingAll = (n: number) => ({
  AssumeRolePolicyDocument: policyDocument({
    Effect: 'Allow',
    Principal: { AWS: COLLECTED.account, Service: 'ec2.amazonaws.com' },
    Action: 'sts:AssumeRole',
  }),
  RolePolicyList: [
    inline('a', policyDocument(allow(['sts:AssumeRole', 'iam:PassRole'], 'arn:aws:iam::*:role/r*'))),
    inline('b', policyDocument(allow('ec2:RunInstances'), allow('s3:GetObject', `arn:aws:s3:::b${n}/*`))),
  ],
});

/** An account of so many roles as a whole. */
function ofAccount(what: string, more: (n: number) => object, size: number, data: Data): Row {
  const RoleDetailList = Array.from({ length: size }, (_, n) => role(`r${n}`, more(n)));
  const collected = collectedSchema.parse({ ...COLLECTED, authorizationDetails: { RoleDetailList } });
  const startedAt = performance.now();
  const before = process.cpuUsage();
  const { principals } = auditAccount(accountOf(collected, data), { breakGlass: [] }, data);
  const { user, system } = process.cpuUsage(before);
  const seconds = (performance.now() - startedAt) / 1000;
  if (principals.length !== size) throw new Error(`${principals.length} of ${size} roles were audited`);
  return {
    what,
    n: size,
    's in all': Number(seconds.toFixed(1)),
    's of a core': Number(((user + system) / 1_000_000).toFixed(1)),
  };
}

/** How long checks take, in milliseconds, and how many escalations of others' lists they find. */
export const takeFigure: TakeFigure = async (say, size) => {
  const data = readIamData();
  const isWhole = size === 'whole';
  execFileSync(process.execPath, ['scripts/build-clients.ts'], { stdio: 'pipe' });
  const rows = [ofCommand(isWhole ? 10 : 1)];
  const { POSTERN_POLICY_DATA: folder } = process.env;
  if (folder) rows.push(...ofOthers(folder, data));
  else say('Escalations of others are left out: POSTERN_POLICY_DATA names no folder of them');
  rows.push(rowOfVariants());
  const roles = isWhole ? 1_000 : 10;
  rows.push(ofAccount('an account of roles with two policies each, audited', ofTwoPolicies, roles, data));
  rows.push(ofAccount('an account of roles that all trust each other, audited', trustingAll, roles, data));
  const managed = isWhole ? managedDocuments() : [];
  if (managed && managed.length > 0) {
    const before = process.cpuUsage();
    const timed = managed.map(({ arn, document }) => check(arn, document, data));
    const { user, system } = process.cpuUsage(before);
    const processor = Number(((user + system) / 1_000_000).toFixed(1));
    rows.push({ ...timesOf('AWS’s managed policies, each whole', timed), 's of a core': processor });
    rows.push(...ofMany(managed));
  }
  if (isWhole) rows.push(...rowsOfPeers(say, data), ...rowsOfAudits(say, data));
  return rows;
};
