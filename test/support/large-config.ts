import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Principal, principalSchema } from '../../lambdas/shared/domain/principal.ts';
import { largeCatalog } from './large-catalog.ts';

type Entry = { readonly key: string };

/** Resources of a team. */
const TEAM = 10;
const teamsOf = (entries: readonly Entry[]): Entry[][] =>
  Array.from({ length: Math.ceil(entries.length / TEAM) }, (_, team) =>
    entries.slice(team * TEAM, (team + 1) * TEAM),
  );

/** Each team reads what is its own; what is confidential takes an approval. */
const permitOf = (team: readonly Entry[], index: number): string =>
  `@id("team-${index}-reads") permit (principal in Group::"team-${index}", action in Action::"read", resource)
when { [${team.map(({ key }) => `Resource::"${key}"`).join(', ')}].contains(resource) };
@id("team-${index}-confidential") forbid (principal in Group::"team-${index}", action, resource)
when { resource.sensitivity == "confidential" } unless { context.approvals >= 1 };
`;

/**
 * A folder of configuration with so many resources, the demo's among them, and a guardrail for each team of ten. Whoever
 * calls removes it.
 */
export function writeLargeConfig(resources: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'postern-large-'));
  cpSync('config', folder, { recursive: true });
  const demo = JSON.parse(readFileSync('config/catalog.json', 'utf8')) as {
    accounts: object[];
    resources: Entry[];
  };
  const more = largeCatalog(resources - demo.resources.length).resources;
  const catalog = { version: 1, accounts: demo.accounts, resources: [...demo.resources, ...more] };
  writeFileSync(join(folder, 'catalog.json'), JSON.stringify(catalog, undefined, 2));
  const guardrails = readFileSync('config/guardrails.cedar', 'utf8');
  writeFileSync(join(folder, 'guardrails.cedar'), `${guardrails}\n${teamsOf(more).map(permitOf).join('\n')}`);
  return folder;
}

/** So many people, each of another team where there are enough. */
export const largeStaff = (people: number, teams: number): Principal[] =>
  Array.from({ length: people }, (_, index) =>
    principalSchema.parse({
      id: `person${index}`,
      type: 'human',
      status: 'active',
      groups: [`team-${index % teams}`],
      awsPrincipals: [],
      persons: [`person${index}`],
    }),
  );
