import { describe, expect, it, test } from 'vitest';
import { approvalsConfigSchema } from '../../../lambdas/shared/domain/approvals/approvals-config.ts';
import { refusalOfApprovers } from '../../../lambdas/shared/domain/approvals/approvers-standing.ts';
import { dutyShown } from '../../../lambdas/shared/domain/approvals/duty-shown.ts';
import { refusalOf } from '../../../lambdas/shared/domain/approvals/may-vote.ts';
import { dutyOf, onDuty } from '../../../lambdas/shared/domain/outside/on-duty.ts';
import type { OutsideFact } from '../../../lambdas/shared/domain/outside/outside-fact.ts';
import { ofBank } from '../../support/bank.ts';

const fact = (about: string, value = 'payments'): OutsideFact => ({
  source: 'pager',
  kid: '2026-11',
  name: 'onCall',
  about,
  value,
  issuedAt: '2026-11-30T12:00:00.000Z',
  expiresAt: '2026-11-30T18:00:00.000Z',
});
const employee = ofBank('employee1');
const [abe, other] = [ofBank('approver1'), ofBank('approver2')];
const rota = { name: 'on-duty', channel: '#on-duty', onCall: 'payments', timeoutSeconds: 900 };
const withGroup = { ...rota, approverGroup: 'approvers' };
const refusal = (
  tier: typeof rota,
  principal: typeof abe,
  outside: readonly OutsideFact[],
  requester = employee,
) => refusalOf({ principal }, tier, { requester, concerned: [], duty: onDuty(outside, requester) });

describe('who decides in a tier with a rota', () => {
  const onCall = [fact(`person:${abe.persons[0]}`)];

  test.each([
    ['whoever is on call', rota, abe, onCall, undefined],
    ['by the principal’s id, too', rota, abe, [fact('principal:approver1')], undefined],
    ['nobody else of the group, while somebody is on call', withGroup, other, onCall, 'not_in_group'],
    ['the group, while nobody is', withGroup, other, [], undefined],
    [
      'the group, while somebody is on call for another rota',
      withGroup,
      other,
      [fact('principal:approver1', 'search')],
      undefined,
    ],
    ['nobody, without a group, while nobody is on call', rota, abe, [], 'not_in_group'],
    ['no one suspended', rota, { ...abe, status: 'suspended' as const }, onCall, 'not_active'],
    [
      'no agent that is said to be on call',
      rota,
      { ...abe, id: 'robot', type: 'agent' as const },
      [fact('principal:robot')],
      'not_human',
    ],
  ] as const)('%s', (_, tier, principal, outside, because) => {
    expect(refusal(tier, principal, outside)).toBe(because);
  });

  it('never the requester, nor the owner of the agent that asks', () => {
    const asker = { ...employee, persons: ['abe'] };
    expect(refusal(rota, employee, [fact('principal:employee1'), fact('person:zoe')])).toBe('asks_for_it');
    const agent = { ...ofBank('customer_support_agent'), persons: [...abe.persons] };
    expect(refusal(rota, abe, [fact(`person:${abe.persons[0]}`), fact('person:zoe')], agent)).toBe(
      'owns_asking_agent',
    );
    expect(dutyOf(rota, onDuty([fact('person:abe'), fact('principal:employee1')], asker))).toEqual([]);
  });

  it('no name of an object’s own parts is a rota', () => {
    expect(dutyOf({ onCall: 'constructor' }, onDuty([], employee))).toEqual([]);
  });
});

it('a vote is screened by who was asked, and in no other tier', () => {
  const ask = { tier: 'on-duty', onCall: ['person:abe'] };
  expect(dutyShown(ask, rota)).toEqual({ payments: ['person:abe'] });
  expect(dutyShown(ask, { ...rota, name: 'another' })).toEqual({});
  expect(dutyShown({ tier: 'on-duty' }, rota)).toEqual({});
});

it('an approval holds at the claim as the tally found it, though the shift has ended since', () => {
  const outside = [fact(`person:${abe.persons[0]}`)];
  const votes = [{ principalId: abe.id, person: abe.persons[0], tier: 'on-duty' }];
  const decided = {
    request: { principalId: employee.id },
    loaded: { principal: employee },
    verdict: { approvers: votes },
    evidence: { votes, outside },
  } as unknown as Parameters<typeof refusalOfApprovers>[0];
  expect(refusalOfApprovers(decided, [rota], () => abe)).toBeUndefined();
  const forged = { ...decided, evidence: { ...decided.evidence, outside: [] } } as typeof decided;
  expect(refusalOfApprovers(forged, [rota], () => abe)).toMatchObject({ because: 'not_in_group' });
});

it.each([
  ['a rota alone', {}, true],
  ['a rota and a group', { approverGroup: 'approvers' }, true],
  ['neither', { onCall: undefined }, false],
  ['a rota that is no name', { onCall: 'the payments people' }, false],
])('a tier may have %s', (_, change, isGood) => {
  const tiers = [{ ...rota, ...change }];
  expect(approvalsConfigSchema.safeParse({ version: 1, tiers }).success).toBe(isGood);
});
