import { existsSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { functionNameOf } from '../../../sandbox/functions/function-host.ts';
import { adaptDefinition } from '../../../sandbox/states/adapt-definition.ts';
import { resolveTemplate } from '../../../sandbox/template/resolve-template.ts';
import { synthesise } from '../../../sandbox/template/synthesise.ts';
import type { ResolvedTemplate } from '../../../sandbox/template/types.ts';

let template: ResolvedTemplate;
beforeAll(async () => {
  template = resolveTemplate(await synthesise('config'), {
    accountId: '123456789012',
    region: 'eu-central-1',
  });
});

test('the synthesised template resolves, and nothing in it is left a reference', () => {
  expect(JSON.stringify(template)).not.toMatch(/"(Fn::\w+|Ref)":|\$\{AWS::/);
});

test('every function has a handler in the repository and a role of its own', () => {
  expect(template.functions.length).toBeGreaterThan(0);
  for (const { entry } of template.functions) {
    expect(existsSync(new URL(`../../../${entry}`, import.meta.url)), entry).toBe(true);
  }
  const roles = template.functions.map(({ roleName }) => roleName);
  expect(new Set(roles).size).toBe(roles.length);
  expect(template.roles.map(({ name }) => name)).toEqual(expect.arrayContaining(roles));
});

test('the state machine runs on the engine, and invokes only functions of the template', () => {
  const [machine] = template.stateMachines;
  if (!machine) throw new Error('no state machine');
  expect(() => adaptDefinition(machine.definition)).not.toThrow();
  const invoked = JSON.stringify(machine.definition).match(/arn:aws:lambda:[^"]+/g) ?? [];
  expect(invoked.length).toBeGreaterThan(8);
  const names = template.functions.map(({ name }) => name);
  for (const arn of invoked) expect(names).toContain(functionNameOf(arn));
});

test('every route leads to a function of the template', () => {
  const names = template.functions.map(({ name }) => name);
  expect(template.routes.length).toBeGreaterThan(8);
  for (const { functionName } of template.routes) expect(names).toContain(functionName);
});
