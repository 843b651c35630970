import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { demoPrincipals } from '../../../demo/principals.ts';
import { makeConfig } from '../../../lambdas/shared/adapters/config/load-config.ts';
import { grantableActions } from '../../../lambdas/shared/domain/catalog/catalog.ts';
import { askByKind } from '../../../lambdas/shared/domain/guardrails/ask-by-kind.ts';
import type { Guardrails } from '../../../lambdas/shared/domain/guardrails/guardrails.ts';
import { largeStaff, writeLargeConfig } from '../../support/large-config.ts';

const folder = writeLargeConfig(60);
afterAll(() => rmSync(folder, { recursive: true }));
const config = makeConfig({ partition: 'aws', region: 'eu-central-1', accountId: '123456789012' }, folder);
const principals = [
  ...demoPrincipals('https://issuer.example', '123456789012').map(({ principal }) => principal),
  ...largeStaff(8, 6),
];
const resources = [...config.catalog.resources.values()];

/** A survey of its own, which counts what is really asked. */
function surveyed() {
  const counted = { asks: 0 };
  const guardrails: Guardrails = {
    ...config.guardrails,
    ask: (question) => {
      counted.asks++;
      return config.guardrails.ask(question);
    },
  };
  return { counted, survey: askByKind(guardrails) };
}

const question = fc
  .record({
    principal: fc.constantFrom(...principals),
    status: fc.constantFrom('active' as const, 'suspended' as const),
    resource: fc.constantFrom(...resources),
    which: fc.nat(30),
    context: fc.record({
      durationSeconds: fc.constantFrom(900, 3600, 7200),
      onBehalfOf: fc.boolean(),
      approvals: fc.nat(3),
      stepUpApprovals: fc.nat(2),
    }),
  })
  .map(({ principal, status, resource, which, context }) => {
    const actions = grantableActions(resource);
    const action = actions[which % actions.length] ?? '';
    return { principal: { ...principal, status }, resource, action, context };
  });

test('a survey answers each question as the guardrails do', () => {
  const { survey } = surveyed();
  fc.assert(
    fc.property(question, (asked) => {
      expect(survey.ask(asked)).toEqual(config.guardrails.ask(asked));
    }),
    { numRuns: 1_500 },
  );
});

test('it asks once for resources that no rule of the principal names apart', () => {
  const { counted, survey } = surveyed();
  const [member] = largeStaff(1, 6);
  if (!member) throw new Error('nobody');
  const context = { durationSeconds: 900, onBehalfOf: false, approvals: 0, stepUpApprovals: 0 };
  for (const resource of resources)
    for (const action of grantableActions(resource))
      survey.ask({ principal: member, resource, action, context });
  const all = resources.flatMap(grantableActions).length;
  expect(counted.asks).toBeLessThan(all / 2);
});
