import { afterAll, beforeAll, expect, test } from 'vitest';
import { scenesOf } from '../../demo/demo-scenes.ts';
import { gatewayScenesOf } from '../../demo/gateway-scenes.ts';
import { bootSandbox, type Sandbox } from '../../sandbox/boot.ts';
import { configWithScratchTable, makeScratchTable } from '../../sandbox/gateway/scratch-table.ts';
import { bundles } from '../support/template.ts';

let sandbox: Sandbox;
let configDir: string;
let discard: () => void;
beforeAll(async () => {
  // Its own template: the scratch table's role is a part of it.
  ({ configDir, discard } = configWithScratchTable('config'));
  sandbox = await bootSandbox({ configDir, bundles: bundles(), gatewayPort: 0 });
  await makeScratchTable(sandbox.aws);
});
afterAll(async () => {
  await sandbox.close();
  discard();
});

test('the story of the demo bank goes as it is told', async () => {
  const told: Record<string, string> = {};
  const happened: Record<string, string> = {};
  const ofGateway = gatewayScenesOf(sandbox);
  for (const [index, { what, expected, run }] of [...scenesOf(sandbox), ...ofGateway].entries()) {
    told[`${index} ${what}`] = expected;
    happened[`${index} ${what}`] = await run();
  }
  expect(happened).toEqual(told);
  expect(Object.keys(told).length).toBeGreaterThan(10);
});
