import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { expect, test } from 'vitest';
import { makeApp } from '../../infra/app.ts';
import { DEFAULT_SETTINGS } from '../../infra/settings.ts';

const app = makeApp({ demo: true, settings: { ...DEFAULT_SETTINGS, dataEvents: true } });
const { Resources } = app.synth().getStackByName('Postern').template;

test('data events are recorded of every table of the catalog, where they are asked for', () => {
  const trails = Object.values<{ Type: string; Properties: Record<string, unknown> }>(Resources).filter(
    ({ Type }) => Type === 'AWS::CloudTrail::Trail',
  );
  expect(trails).toHaveLength(1);
  const selectors = JSON.stringify(trails[0]?.Properties.AdvancedEventSelectors);
  for (const name of ['bank_balances', 'users_table', 'policy_table'])
    expect(selectors).toContain(`table/${name}`);
});

test.each([
  ['AwsSolutions', new AwsSolutionsChecks()],
  ['Serverless', new ServerlessChecks()],
])('cdk-nag %s finds nothing in that either', (_, pack) => {
  expect(pack.validateScope(app).violations.map(({ ruleName }) => ruleName)).toEqual([]);
});
