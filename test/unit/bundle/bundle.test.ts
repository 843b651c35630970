import { describe, expect, test } from 'vitest';
import { diffOfBundle, wholeDiffOfBundle } from '../../../lambdas/request-approval/diff-of-bundle.ts';
import type { Change, ChangePart } from '../../../lambdas/shared/domain/access-request.ts';
import {
  MOST_PARTS,
  nameOfChange,
  partsOf,
  textOfBundle,
} from '../../../lambdas/shared/domain/bundle/bundle.ts';
import { leavesNoApprover } from '../../../lambdas/shared/domain/bundle/leaves-no-approver.ts';
import { problemsOfBundle } from '../../../lambdas/shared/domain/bundle/problems-of-bundle.ts';
import { digestOf } from '../../../lambdas/shared/domain/digest.ts';
import type { Principal } from '../../../lambdas/shared/domain/principal.ts';
import { readableProposal } from '../../../lambdas/shared/domain/text/readable-proposal.ts';
import { analyst, approver as sameCaller } from '../../support/example-state.ts';
import { templateOf } from '../people/people-of-test.ts';

const approver = { ...sameCaller, awsPrincipals: [] };
const policy = (target: string, proposal = 'Reads metrics.'): ChangePart => ({
  kind: 'policy',
  target,
  proposal,
  baseVersion: 1,
});
const principal = (entry: Partial<Principal> = {}): ChangePart => {
  const { version: _, ...whole } = { ...analyst, ...entry };
  return { kind: 'principal', target: whole.id, proposal: JSON.stringify(whole), baseVersion: 1 };
};
const template = (more: Record<string, unknown> = {}): ChangePart => ({
  kind: 'template',
  target: 'engineers',
  proposal: JSON.stringify(templateOf(more)),
  baseVersion: 1,
});
const bundle = (parts: readonly ChangePart[], proposal = textOfBundle(parts)): Change => ({
  kind: 'bundle',
  target: 'bundle',
  proposal,
  proposalDigest: digestOf(proposal),
  baseVersion: 0,
});

describe('a bundle', () => {
  test('is the same text in whichever order its parts come', () => {
    const parts = [policy('analyst1'), policy('employee1'), principal()];
    expect(textOfBundle(parts)).toBe(textOfBundle(parts.toReversed()));
    expect(partsOf(bundle(parts))).toHaveLength(3);
  });

  test.each<[string, string]>([
    ['no JSON', '{'],
    ['no parts', '{"parts":[]}'],
    ['a field more', JSON.stringify({ parts: [policy('analyst1')], force: true })],
    ['a part with a field more', JSON.stringify({ parts: [{ ...policy('analyst1'), force: true }] })],
    ['a hostile target', JSON.stringify({ parts: [policy('../admin')] })],
    ['a bundle in it', JSON.stringify({ parts: [{ ...policy('analyst1'), kind: 'bundle' }] })],
    [
      'more than one transaction takes',
      JSON.stringify({ parts: Array.from({ length: MOST_PARTS + 1 }, (_, nth) => policy(`p${nth}`)) }),
    ],
  ])('with %s is none', (_, proposal) => {
    expect(partsOf(bundle([], proposal))).toBeUndefined();
    expect(nameOfChange(bundle([], proposal))).toBe('nothing');
  });

  test('is named by what it has, and by nobody’s words', () => {
    expect(nameOfChange(bundle([policy('analyst1')]))).toBe('1 policy as one');
    const parts = [policy('a1'), policy('a2'), principal(), template()];
    expect(nameOfChange(bundle(parts))).toBe('2 policies, 1 principal and 1 template as one');
    expect(nameOfChange({ kind: 'policy', target: 'a1', proposal: 'x' })).toBe('the policy of a1');
  });

  test.each<[string, ChangePart[], string[]]>([
    ['nothing', [policy('a1'), principal(), principal({ ...approver })], []],
    ['a part twice', [policy('a1'), policy('a1', 'Reads all.')], ['policy a1 is in it twice']],
    [
      'two who call as one',
      [principal(), principal({ ...approver, awsPrincipals: analyst.awsPrincipals })],
      ['analyst1 and approver1 would have one AWS principal'],
    ],
    [
      'two who are one in Slack',
      [principal({ slackUserId: 'U01' }), principal({ ...approver, slackUserId: 'U01' })],
      ['analyst1 and approver1 would have one Slack user'],
    ],
    [
      'two whom one token fits',
      [
        principal({ signIn: [{ issuer: 'https://a.example', subject: 'x' }] }),
        principal({ ...approver, signIn: [{ issuer: 'https://a.example', subject: 'x' }] }),
      ],
      ['analyst1 and approver1 would have one sign-in'],
    ],
  ])('has %s against it', (_, parts, problems) => {
    expect(problemsOfBundle(parts)).toEqual(problems);
  });
});

describe('nobody is left who approves', () => {
  const tiers = [{ approverGroup: 'approvers' }, { approverGroup: 'security' }];
  const others = { ...analyst, directory: undefined };
  const ofTemplate = (groups: string[]): Principal => ({
    ...approver,
    groups,
    directory: { template: 'engineers', user: crypto.randomUUID(), policyDigest: 'sha256:p' },
  });
  test.each<[string, Principal[], ChangePart[], boolean]>([
    ['where the only one is suspended', [approver], [principal({ ...approver, status: 'suspended' })], true],
    ['where the only one loses the group', [approver], [principal({ ...approver, groups: [] })], true],
    ['where the only one becomes an agent', [approver], [principal({ ...approver, type: 'agent' })], true],
    [
      'where another stays',
      [approver, { ...approver, id: 'a2' }],
      [principal({ ...approver, groups: [] })],
      false,
    ],
    [
      'where another comes',
      [approver],
      [principal({ ...approver, groups: [] }), principal({ id: 'a2', groups: ['security'] })],
      false,
    ],
    ['where there was nobody before', [others], [principal({ status: 'suspended' })], false],
    ['where a policy changes', [approver], [policy('approver1')], false],
    [
      'where a template takes the group from all',
      [ofTemplate(['approvers'])],
      [template({ groups: [] })],
      true,
    ],
    [
      'where a template leaves it to those who have it',
      [ofTemplate(['approvers'])],
      [template({ groups: [], also: [{ group: { displayName: 'On call' }, groups: ['approvers'] }] })],
      false,
    ],
  ])('%s', (_, principals, parts, expected) => {
    expect(leavesNoApprover(principals, parts, tiers)).toBe(expected);
  });
});

describe('the diff of a bundle', () => {
  const hostile = 'Reads metrics.\n== principal admin\n  admin: unchanged\n@@ -1 +1 @@\n\u202eevil';
  const compared = [
    { part: policy('analyst1', hostile), current: 'Reads metrics.\n' },
    { part: principal({ id: 'new_one' }), current: '' },
    { part: principal({ ...approver, status: 'suspended' }), current: readableProposal(principal(approver)) },
  ];

  test('says first what each part comes to', () => {
    expect(wholeDiffOfBundle(compared).split('\n').slice(0, 5)).toEqual([
      '3 in all, applied together or not at all:',
      '  policy analyst1: changed',
      '  principal new_one: new',
      '  principal approver1: changed, suspended',
      '',
    ]);
  });

  test('has one heading a part, which no text in a part can be taken for', () => {
    const headings = wholeDiffOfBundle(compared)
      .split('\n')
      .filter((line) => line.startsWith('== '));
    expect(headings).toEqual(['== policy analyst1', '== principal new_one', '== principal approver1']);
    expect(wholeDiffOfBundle(compared)).not.toContain('\u202e');
    const readable = readableProposal(bundle(compared.map(({ part }) => part)));
    expect(readable.split('\n').filter((line) => line.startsWith('== '))).toHaveLength(3);
  });

  test('says of a part that changes nothing that it does not', () => {
    expect(wholeDiffOfBundle([{ part: policy('a1', 'Same.\n'), current: 'Same.\n' }])).toContain(
      ' nothing changes',
    );
  });

  test('is cut to what a row has room for, and says so', () => {
    const long = Array.from({ length: 10 }, (_, nth) => ({
      part: policy(`a${nth}`, 'x'.repeat(16_000)),
      current: '',
    }));
    expect(diffOfBundle(long)).toMatch(/cut here; the proposal is shown whole$/);
    expect(diffOfBundle(long).length).toBeLessThan(61_000);
    expect(wholeDiffOfBundle(long).length).toBeGreaterThan(160_000);
  });
});
