import { describe, expect, test } from 'vitest';
import { approvalsConfigSchema } from '../../../lambdas/shared/domain/approvals/approvals-config.ts';
import type { ApprovalAsk } from '../../../lambdas/shared/domain/verdict.ts';
import type { Need } from '../../../lambdas/validate-decision/decision-case.ts';
import { planApproval } from '../../../lambdas/validate-decision/plan-approval.ts';
import { NOW } from './arrange-case.ts';

const tier = (name: string, more: object = {}) => ({
  name,
  channel: `#${name}`,
  approverGroup: name,
  timeoutSeconds: 900,
  ...more,
});
const approvals = approvalsConfigSchema.parse({
  version: 1,
  tiers: [tier('first', { reminderSeconds: 600 }), tier('second'), tier('owners', { ownersOnly: true })],
});
const need = (resource: string, more: Partial<Need> = {}): Need => ({
  resource,
  quorum: { approvals: 1, stepUp: 0 },
  has: { approvals: 0, stepUp: 0 },
  ownerRequired: false,
  ...more,
});
const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1000).toISOString();
const round = { approvals, unreachable: false, now: NOW };

/** What was asked a minute ago of a tier. */
const asked = (name: string, more: Partial<ApprovalAsk> = {}): ApprovalAsk => ({
  tier: name,
  quorum: { approvals: 1, stepUp: 0 },
  perGrant: [],
  askedAt: later(-60),
  deadline: later(840),
  reminded: false,
  waitSeconds: 900,
  nextTiers: [],
  history: [],
  ...more,
});

describe('who is asked', () => {
  test('owners before all others, wherever they stand; then the others, in order, and each once', () => {
    expect(planApproval([need('mine', { ownerTier: 'owners' })], round)).toMatchObject({
      kind: 'ask',
      ask: { tier: 'owners', nextTiers: ['first', 'second'] },
    });
  });

  test('of two resources, the owners of one are asked first though nobody owns the other', () => {
    const plan = planApproval([need('mine', { ownerTier: 'owners' }), need('common')], round);
    expect(plan).toMatchObject({ ask: { tier: 'owners', nextTiers: ['first', 'second'] } });
  });

  test('the tier that is asked waits on, whichever would come first now', () => {
    const plan = planApproval([need('common')], { ...round, asked: asked('second') });
    expect(plan).toMatchObject({ ask: { tier: 'second', askedAt: later(-60), nextTiers: ['first'] } });
  });

  test('one grant that nobody is left for ends it, though somebody is left for the other', () => {
    const mine = need('mine', { ownerTier: 'owners', ownerRequired: true });
    const over = asked('owners', { deadline: later(0) });
    expect(planApproval([need('common'), mine], { ...round, asked: over })).toEqual({
      kind: 'none',
      because: 'timed_out',
    });
  });

  test('a resource without owners cannot wait for those of another', () => {
    const onlyOwners = approvalsConfigSchema.parse({
      version: 1,
      tiers: [tier('owners', { ownersOnly: true })],
    });
    expect(planApproval([need('common')], { ...round, approvals: onlyOwners })).toEqual({
      kind: 'none',
      because: 'not_possible',
    });
  });
});

describe('what is asked', () => {
  test('the most that any grant needs, and for each grant what it needs and whose it is', () => {
    const needs = [
      need('mine', { ownerTier: 'owners', quorum: { approvals: 2, stepUp: 0 } }),
      need('common', { quorum: { approvals: 1, stepUp: 1 } }),
    ];
    const plan = planApproval(needs, round);
    if (plan.kind !== 'ask') throw new Error(plan.because);
    expect(plan.ask.quorum).toEqual({ approvals: 2, stepUp: 1 });
    expect(plan.ask.perGrant).toStrictEqual([
      { resource: 'mine', quorum: { approvals: 2, stepUp: 0 }, ownerTier: 'owners' },
      { resource: 'common', quorum: { approvals: 1, stepUp: 1 } },
    ]);
  });
});

describe('until when', () => {
  const askOf = (more: Partial<Parameters<typeof planApproval>[1]> = {}) => {
    const plan = planApproval([need('common')], { ...round, ...more });
    if (plan.kind !== 'ask') throw new Error(plan.because);
    return plan.ask;
  };

  test('a new round lasts until the deadline, and waits first until the reminder', () => {
    expect(askOf()).toMatchObject({
      deadline: later(900),
      remindAt: later(600),
      waitSeconds: 600,
      reminded: false,
    });
  });

  test.each([900, 901])(
    'a reminder %s seconds after asking is none: the time is over then',
    (reminderSeconds) => {
      // No such file is taken; whatever a tier says, the plan must not wait past its end.
      const { tiers, ...others } = approvalsConfigSchema.parse({ version: 1, tiers: [tier('first')] });
      const late = { ...others, tiers: tiers.map((first) => ({ ...first, reminderSeconds })) };
      const ask = askOf({ approvals: late });
      expect(ask.waitSeconds).toBe(900);
      expect(ask).not.toHaveProperty('remindAt');
    },
  );

  test('a tier without a reminder is not reminded, however long it waits', () => {
    const ask = askOf({ asked: asked('second', { askedAt: later(-899), deadline: later(1) }) });
    expect(ask).toMatchObject({ reminded: false, waitSeconds: 1 });
    expect(ask).not.toHaveProperty('remindAt');
  });

  test('at the reminder it is reminded, and waits for the deadline; not a second before', () => {
    expect(askOf({ asked: asked('first', { remindAt: later(0) }) })).toMatchObject({
      reminded: true,
      waitSeconds: 840,
    });
    expect(askOf({ asked: asked('first', { remindAt: later(1) }) })).toMatchObject({
      reminded: false,
      waitSeconds: 1,
    });
  });
});
