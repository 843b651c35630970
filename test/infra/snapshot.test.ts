import { expect, test } from 'vitest';
import { template } from '../support/template.ts';

/** Hashes that change with code or place, and say nothing to a reader. */
const HASHES: [RegExp, string][] = [
  [/\b[0-9a-f]{64}\b/g, 'HASH'],
  [/(?<=ApiRestDeployment)[0-9A-F]{8}[0-9a-f]{32}/g, ''],
  [/(?<=[A-Za-z][A-Za-z0-9]*)(?:[0-9A-F]{8})+\b/g, ''],
];

/** A resource as its type and id, and a line for each of its properties. */
function linesOf(id: string, { Type, Properties = {}, ...rest }: Record<string, unknown>): string[] {
  const properties = Object.entries(Properties as object).map(
    ([name, value]) => `  ${name}: ${JSON.stringify(value)}`,
  );
  const others = Object.entries(rest).map(([name, value]) => `  (${name}: ${JSON.stringify(value)})`);
  return [`${Type} ${id}`, ...properties, ...others, ''];
}

test('the template is this: its snapshot shows a review what changes', async () => {
  const lines = Object.entries(template().Resources)
    .filter(([, { Type }]) => Type !== 'AWS::CDK::Metadata')
    .flatMap(([id, resource]) => linesOf(id, resource));
  const text = HASHES.reduce((shown, [hash, instead]) => shown.replace(hash, instead), lines.join('\n'));
  await expect(`${text}\n`).toMatchFileSnapshot('../cases/infra/template.txt');
});
