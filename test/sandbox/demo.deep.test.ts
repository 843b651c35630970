import { afterAll, beforeAll, expect, test } from 'vitest';
import { scenesOf } from '../../demo/demo-scenes.ts';
import { gatewayScenesOf } from '../../demo/gateway-scenes.ts';
import { bootSandbox, type Sandbox } from '../../sandbox/boot.ts';
import { bundles, template } from '../support/template.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await bootSandbox({ template: template(), bundles: bundles(), gatewayPort: 0 });
});
afterAll(() => sandbox.close());

test('the story of the demo bank goes as it is told', async () => {
  const told: Record<string, string> = {};
  const happened: Record<string, string> = {};
  const { urls, access } = sandbox;
  const ofGateway = gatewayScenesOf({ urls: { api: urls.api, gateway: urls.gateway ?? '' }, access });
  for (const [index, { what, expected, run }] of [...scenesOf(sandbox), ...ofGateway].entries()) {
    told[`${index} ${what}`] = expected;
    happened[`${index} ${what}`] = await run();
  }
  expect(happened).toEqual(told);
  expect(Object.keys(told).length).toBeGreaterThan(10);
});
