import type { GuardrailQuestion } from '../../../lambdas/shared/domain/guardrails/guardrails.ts';
import { buildSessionPolicy } from '../../../lambdas/shared/domain/session-policy/build-session-policy.ts';
import type { Case } from '../../../lambdas/validate-decision/decision-case.ts';
import { validateDecision } from '../../../lambdas/validate-decision/validate-decision.ts';
import { ofBank } from '../../support/bank.ts';
import { resolveAll } from '../../support/resolve-all.ts';
import { bank, NOW } from '../../unit/validate-decision/arrange-case.ts';
import type { Row } from '../figure.ts';
import { type Figure, figureOf } from '../measure.ts';

const WARM_UP = 500;
const N = 2000;

const grants = [
  { resource: 'bank_operational_metrics', actions: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:Scan'] },
];

/** One grant of three actions, which the demo's guardrails allow without asking anybody. */
const ofAnalyst: Case = {
  request: {
    requestId: 'analyst1-01JD3Z9Q2N8K4V6B1C5D7E9F0G',
    principalId: 'analyst1',
    reason: 'The report needs the operational metrics.',
    dryRun: false,
    createdAt: NOW.toISOString(),
  },
  loaded: {
    principal: ofBank('analyst1'),
    policy: { text: 'Rules.', version: 1, digest: 'sha256:x' },
    digests: { principal: 'sha256:x', ...bank.digests },
  },
  review: {
    outcome: 'proposal',
    attempt: 1,
    model: 'bench',
    promptDigest: 'sha256:x',
    proposal: {
      approved: true,
      grants,
      durationSeconds: 900,
      risk: 'low',
      authorization: 'explicit',
      reason: 'It fits.',
    },
  },
};

/** The same of somebody whom the guardrails were never asked about: what was asked before is remembered. */
const ofNewcomer = (nth: number): Case => ({
  ...ofAnalyst,
  loaded: { ...ofAnalyst.loaded, principal: { ...ofAnalyst.loaded.principal, id: `analyst${nth}` } },
});

function sample(task: (nth: number) => void): number[] {
  for (let n = 0; n < WARM_UP; n += 1) task(n);
  return Array.from({ length: N }, (_, n) => {
    const startedAt = performance.now();
    task(WARM_UP + n);
    return performance.now() - startedAt;
  });
}

/** How long one decision takes, in milliseconds, and what of it Cedar and the session policy take. */
export async function takeFigure(): Promise<Row[]> {
  let inCedar = 0;
  const ask = (question: GuardrailQuestion) => {
    const startedAt = performance.now();
    const answer = bank.guardrails.ask(question);
    inCedar += performance.now() - startedAt;
    return answer;
  };
  const rules = { ...bank, guardrails: { ...bank.guardrails, ask } };
  const cedar: number[] = [];
  const whole = figureOf(
    sample((nth) => {
      inCedar = 0;
      const { outcome } = validateDecision(ofNewcomer(nth), rules, NOW);
      if (outcome !== 'grant') throw new Error(`measured another outcome than a grant: ${outcome}`);
      cedar.push(inCedar);
    }),
  );
  const ofCedar = figureOf(cedar.slice(WARM_UP));
  const resolved = resolveAll(grants, bank.catalog);
  const policy = figureOf(sample(() => buildSessionPolicy(resolved)));
  const share = ({ p50 }: Figure) => `${Math.round((p50 / whole.p50) * 100)} %`;
  return [
    {
      what: 'one decision: a grant of three actions',
      ...whole,
      'a second': Math.round(1000 / whole.p50),
    },
    { what: '  Cedar, of that', ...ofCedar, share: share(ofCedar) },
    { what: '  building the session policy, of that', ...policy, share: share(policy) },
  ];
}
