import type { SchemaJson } from '@cedar-policy/cedar-wasm/nodejs';
import { BROKERS_ACCOUNT } from '../../domain/catalog/accounts.ts';
import {
  type AccessLevel,
  accessLevelSchema,
  type CatalogFile,
  type CatalogResource,
  resourceKindSchema,
  sensitivitySchema,
} from '../../domain/catalog/catalog.ts';
import { ConfigError } from '../../domain/config-error.ts';
import { APPLY_CHANGE } from '../../domain/guardrails/guardrails.ts';
import { principalSchema } from '../../domain/principal.ts';

/** The access level of every action in the catalog. One action has one level, whatever the resource. */
export function levelsOfActions(catalog: CatalogFile): ReadonlyMap<string, AccessLevel> {
  const levels = new Map<string, AccessLevel>();
  for (const resource of catalog.resources) {
    for (const level of accessLevelSchema.options) {
      for (const action of resource.actions[level] ?? []) {
        const other = levels.get(action) ?? level;
        if (other !== level) {
          const problem = `${action} is "${level}" for ${resource.key} and "${other}" elsewhere; give it one level`;
          throw new ConfigError('catalog.json', undefined, problem);
        }
        levels.set(action, level);
      }
    }
  }
  return levels;
}

const attribute = (type: 'String' | 'Long' | 'Boolean') => ({ type, required: true });

const strings = { type: 'Set', element: { type: 'String' }, required: true } as const;

/** The Cedar schema of a catalog: its resources, and its actions in the groups read, write and admin. */
export function cedarSchemaOf(catalog: CatalogFile): SchemaJson<string> {
  const appliesTo = {
    principalTypes: ['Principal'],
    resourceTypes: ['Resource'],
    context: {
      type: 'Record' as const,
      attributes: {
        durationSeconds: attribute('Long'),
        onBehalfOf: attribute('Boolean'),
        approvals: attribute('Long'),
        stepUpApprovals: attribute('Long'),
        changesSignIn: attribute('Boolean'),
        enrolsOwnPasskey: attribute('Boolean'),
        revokesOwnPasskey: attribute('Boolean'),
        breakGlass: attribute('Boolean'),
        references: strings,
        onCall: strings,
        openReferences: strings,
        incidents: strings,
      },
    },
  };
  const groups = accessLevelSchema.options.map((level) => [level, {}] as const);
  const actions = [...levelsOfActions(catalog)].map(
    ([action, level]) => [action, { memberOf: [{ id: level }], appliesTo }] as const,
  );
  return {
    '': {
      entityTypes: {
        Group: {},
        Principal: {
          memberOfTypes: ['Group'],
          shape: { type: 'Record', attributes: { type: attribute('String'), status: attribute('String') } },
        },
        Resource: {
          shape: {
            type: 'Record',
            attributes: {
              kind: attribute('String'),
              sensitivity: attribute('String'),
              subjectScoped: attribute('Boolean'),
              account: attribute('String'),
              unit: attribute('String'),
            },
          },
        },
      },
      actions: Object.fromEntries([...groups, ...actions, [APPLY_CHANGE, { appliesTo }]]),
    },
  };
}

/** What Cedar is told of the account that an entry is in: its name and its unit, which is empty where it has none. */
export const accountAttributes = ({ account }: Pick<CatalogResource, 'account'>) => ({
  account: account?.name ?? BROKERS_ACCOUNT,
  unit: account?.unit ?? '',
});

/** The values a string attribute can have with a catalog: a comparison with any other is a typo. */
export const attributeValues = ({
  accounts = [],
}: Pick<CatalogFile, 'accounts'>): Readonly<Record<string, readonly string[]>> => ({
  type: principalSchema.shape.type.options,
  status: principalSchema.shape.status.options,
  kind: resourceKindSchema.options,
  sensitivity: sensitivitySchema.options,
  account: [BROKERS_ACCOUNT, ...accounts.map(({ name }) => name)],
  unit: ['', ...accounts.flatMap(({ unit }) => (unit === undefined ? [] : [unit]))],
});
