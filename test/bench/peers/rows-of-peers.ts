import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { readIamData } from '../../../clients/iam/read-iam-data.ts';
import { checkPolicy } from '../../../policy/check/check-policy.ts';
import { ALL_PATHS } from '../../../policy/check/escalation/all-paths.ts';
import { managedDocuments } from '../../support/managed-policies.ts';
import { escalationCases, pathsTold } from '../../support/policy/escalation-cases.ts';
import type { Row, Say } from '../figure.ts';
import { askPeer, installPeers, PEERS, type PeerAnswer } from './ask-peers.ts';

type Data = ReturnType<typeof readIamData>;

const GAINS_RIGHTS = new Set(ALL_PATHS.filter(({ category }) => category !== 'impact').map(({ id }) => id));

/** One of so many of AWS's managed policies: parliament takes minutes for all. */
const EVERY = 8;

function askOurs(policies: readonly object[], data: Data): PeerAnswer[] {
  return policies.map((policy) => {
    const startedAt = performance.now();
    const text = JSON.stringify(policy);
    const { findings } = checkPolicy({ name: 'p', type: 'identity', text }, { data });
    const escalates = findings.some(({ id }) => GAINS_RIGHTS.has(id));
    return { escalates, crashed: false, ms: performance.now() - startedAt };
  });
}

const seconds = (answers: readonly PeerAnswer[]): number =>
  Number((answers.reduce((sum, { ms }) => sum + ms, 0) / 1000).toFixed(1));

const countOf = (answers: readonly PeerAnswer[], field: 'escalates' | 'crashed'): number =>
  answers.filter((answer) => answer[field]).length;

type Sets = {
  readonly minimal: readonly object[] | undefined;
  readonly managed: readonly object[];
  readonly escalating: readonly object[];
  readonly harmless: readonly object[];
};

function rowOf(who: string, ask: (policies: readonly object[]) => PeerAnswer[], sets: Sets): Row {
  const { minimal, managed, escalating, harmless } = sets;
  const ofManaged = ask(managed);
  return {
    what: `told to escalate, by ${who}`,
    ...(minimal && { 'of pathfinding': countOf(ask(minimal), 'escalates') }),
    'of variants that do': countOf(ask(escalating), 'escalates'),
    'of variants that do not': countOf(ask(harmless), 'escalates'),
    'managed policies': managed.length,
    's for these': seconds(ofManaged),
    crashes: countOf(ofManaged, 'crashed'),
  };
}

/**
 * The same policies by us and by the peers, one after the other, in this run. Variants are single policies, since the peers
 * take no boundary and no service control policy.
 */
export function rowsOfPeers(say: Say, data: Data): Row[] {
  if (!installPeers(say)) return [];
  const { POSTERN_POLICY_DATA: folder } = process.env;
  const cases = escalationCases().filter(
    ({ policies, boundary, scp }) => policies.length === 1 && !boundary && !scp,
  );
  const variants = (escalates: boolean) =>
    cases.filter((given) => given.escalates === escalates).flatMap(({ policies }) => policies);
  const sets: Sets = {
    minimal: folder
      ? (
          JSON.parse(readFileSync(join(folder, 'pathfinding/minimal_policies.json'), 'utf8')) as {
            policy: object;
          }[]
        ).map(({ policy }) => policy)
      : undefined,
    managed: (managedDocuments() ?? []).filter((_, nth) => nth % EVERY === 0).map(({ document }) => document),
    escalating: variants(true),
    harmless: variants(false),
  };
  say(`${sets.escalating.length} variants that escalate, ${sets.harmless.length} that do not`);
  return [
    rowOf('iam check', (policies) => askOurs(policies, data), sets),
    ...PEERS.map((peer) => rowOf(peer, (policies) => askPeer(peer, policies), sets)),
  ];
}

/** How many of all the variants, with boundaries and service control policies, are told as they are. */
export function rowOfVariants(): Row {
  const cases = escalationCases();
  const right = cases.filter((given) => pathsTold(given).length > 0 === given.escalates);
  return {
    what: 'variants of escalations, those with limits included, told as they are',
    n: cases.length,
    found: right.length,
  };
}
