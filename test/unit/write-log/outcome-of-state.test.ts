import { describe, expect, test } from 'vitest';
import type { Verdict } from '../../../lambdas/shared/domain/verdict.ts';
import type { WorkflowState } from '../../../lambdas/shared/domain/workflow-state.ts';
import { outcomeOfState } from '../../../lambdas/write-log/outcome-of-state.ts';
import { grantedState } from '../../support/example-state.ts';

const session = {
  assumedRoleArn: 'arn:aws:sts::123456789012:assumed-role/postern-brokered/x',
  accessKeyId: 'ASIAEXAMPLE',
  expiration: '2026-11-20T12:15:00.000Z',
  sessionName: 'x',
  sourceIdentity: 'analyst1',
};
const denial = {
  ...grantedState().verdict,
  outcome: 'deny',
  reasons: [
    { code: 'guardrail_forbids', resource: 'bank_balances', action: 'dynamodb:GetItem', policyIds: [] },
  ],
} as Verdict;
const allowed = { ...grantedState().verdict, outcome: 'allow', reasons: [], seal: undefined };
const seal = { mac: 'bWFj', expiresAt: '2026-11-20T12:15:00.000Z' };
const error = (name: string) => ({ error: { Error: name, Cause: '' } });

describe('how a request ended', () => {
  test.each([
    ['a session', { session }, 'issued', 'issued'],
    ['a session, then an error', { session, ...error('RequestClosed') }, 'failed', 'request_closed'],
    ['a denial', { verdict: denial }, 'denied', 'guardrail_forbids'],
    ['a suspended principal', error('PrincipalSuspended'), 'denied', 'principal_suspended'],
    ['a stale change', error('ChangeStale'), 'denied', 'change_stale'],
    ['the reviewer down', error('ReviewerUnavailable'), 'failed', 'reviewer_unavailable'],
    ['a forged seal', error('SealRefused'), 'failed', 'seal_refused'],
    ['a timeout of a step', error('States.Timeout'), 'failed', 'states_timeout'],
    ['an error that nobody foresaw', error('TypeError'), 'failed', 'unexpected_error'],
    ['nobody claimed', { unclaimed: { Error: 'States.Timeout' } }, 'expired', 'unclaimed'],
    [
      'a change applied',
      { applied: { kind: 'policy', target: 'analyst1', version: 2 } },
      'applied',
      'applied',
    ],
    ['a call that may be made', { verdict: { ...allowed, seal } as Verdict }, 'allowed', 'allowed'],
    ['a call that was not sealed', { verdict: allowed as Verdict }, 'failed', 'no_outcome'],
    ['a denial without a reason', { verdict: { ...denial, reasons: [] } as Verdict }, 'denied', 'denied'],
    [
      'a sealed verdict of another kind',
      { verdict: { ...allowed, outcome: 'apply', seal } as Verdict },
      'failed',
      'no_outcome',
    ],
    ['a request that was never decided', { verdict: undefined }, 'failed', 'no_outcome'],
    ['a grant that went nowhere', {}, 'failed', 'no_outcome'],
  ] as [string, Partial<WorkflowState>, string, string][])('%s', (_, more, outcome, reason) => {
    expect(outcomeOfState({ ...grantedState(), ...more })).toEqual({ outcome, reason });
  });

  test('a dry run is cancelled with its verdict, unless it failed', () => {
    const state = grantedState();
    const dry = { ...state, request: { ...state.request, dryRun: true } };
    expect(outcomeOfState(dry)).toEqual({ outcome: 'cancelled', reason: 'dry_run' });
    expect(outcomeOfState({ ...dry, ...error('ReviewerUnavailable') }).outcome).toBe('failed');
  });
});
