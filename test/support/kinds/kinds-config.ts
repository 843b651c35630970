import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CatalogResource, catalogSchema } from '../../../lambdas/shared/domain/catalog/catalog.ts';

const read = (file: string) => catalogSchema.parse(JSON.parse(readFileSync(file, 'utf8')));

/** A catalog with every kind, of a team and of the team next door. */
const EXAMPLE = read('docs/examples/catalog-every-kind.json').resources;
const TEAM = `
@id("analysts-work-for-the-shop")
permit (principal in Group::"analysts", action in [Action::"read", Action::"write", Action::"admin"], resource)
when { resource.sensitivity == "internal" && !resource.subjectScoped };
`;

/** A folder of configuration with the demo's entries and the example's, which analysts may have. Whoever calls removes it. */
export function writeKindsConfig(): string {
  const folder = mkdtempSync(join(tmpdir(), 'postern-kinds-'));
  cpSync('config', folder, { recursive: true });
  const { accounts, resources } = read('config/catalog.json');
  const catalog = { version: 1, accounts, resources: [...resources, ...EXAMPLE] };
  writeFileSync(join(folder, 'catalog.json'), JSON.stringify(catalog));
  const guardrails = readFileSync('config/guardrails.cedar', 'utf8');
  writeFileSync(join(folder, 'guardrails.cedar'), guardrails + TEAM);
  return folder;
}

/** An entry of the example. */
export function entryOf(key: string): CatalogResource {
  const found = EXAMPLE.find((entry) => entry.key === key);
  if (!found) throw new Error(`the example has no ${key}`);
  return found;
}
