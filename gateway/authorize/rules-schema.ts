import type { SchemaJson } from '@cedar-policy/cedar-wasm/nodejs';
import type { CatalogFile } from '../../lambdas/shared/domain/catalog/catalog.ts';
import type { AccessLevel } from '../../policy/data/service-data.ts';
import { ACTIONS, PREFIXES } from '../identify/iam/exceptions.ts';
import type { IamData } from '../identify/iam/open-iam-data.ts';
import type { Kind } from '../identify/model.ts';
import type { Models } from '../identify/read-models.ts';

/** The groups that actions are in, by IAM's access levels. */
export const GROUPS: Readonly<Record<AccessLevel, string>> = {
  L: 'list',
  R: 'read',
  W: 'write',
  T: 'tagging',
  P: 'permissions',
};

/** The parameters of an action that rules may look at, by name. */
export type ParameterTypes = ReadonlyMap<string, 'String' | 'Long' | 'Boolean' | 'Set'>;

const TYPES: Partial<Record<Kind, 'String' | 'Long' | 'Boolean' | 'Set'>> = {
  s: 'String',
  i: 'Long',
  b: 'Boolean',
  l: 'Set',
};

/** The action that stands for all of a service and level that no rule names: no rule tells one from another. */
export const otherAction = (service: string, group: string): string => `${service}:*${group}`;

/** Signing names of the services whose actions begin so. */
function signingNames(prefix: string, models: Models): string[] {
  return Object.keys(models.index.signing).filter((name) => (PREFIXES[name] ?? name) === prefix);
}

/** Parameters of the operations whose permission an action is; one that has two types is left out. */
export function parametersOf(action: string, models: Models): ParameterTypes {
  const [prefix = '', name = ''] = action.split(':');
  const types = new Map<string, 'String' | 'Long' | 'Boolean' | 'Set' | 'several'>();
  for (const service of signingNames(prefix, models).flatMap((signing) => models.of(signing))) {
    for (const [operation, { members }] of service.operations) {
      const exception = ACTIONS[prefix]?.[operation];
      const isIts = exception ? exception.includes(action) : operation.toLowerCase() === name.toLowerCase();
      for (const member of isIts ? members : []) {
        const type = TYPES[member.kind];
        if (type === undefined) continue;
        const before = types.get(member.name);
        types.set(member.name, before === undefined || before === type ? type : 'several');
      }
    }
  }
  return new Map([...types].flatMap(([key, type]) => (type === 'several' ? [] : [[key, type] as const])));
}

const attribute = (type: 'String' | 'Long' | 'Boolean', required = true) => ({ type, required });

function parameterAttribute(type: 'String' | 'Long' | 'Boolean' | 'Set') {
  if (type !== 'Set') return attribute(type, false);
  return { type: 'Set' as const, element: { type: 'String' as const }, required: false };
}

function appliesTo(parameters: ParameterTypes) {
  const counts = Object.values(GROUPS).map((group) => [group, attribute('Long')] as const);
  return {
    principalTypes: ['Principal'],
    resourceTypes: ['Resource'],
    context: {
      type: 'Record' as const,
      attributes: {
        operation: attribute('String'),
        region: attribute('String'),
        approvals: attribute('Long'),
        stepUpApprovals: attribute('Long'),
        hour: attribute('Long'),
        presigned: attribute('Boolean'),
        onBehalfOf: attribute('Boolean'),
        counts: { type: 'Record' as const, required: true, attributes: Object.fromEntries(counts) },
        earlier: { type: 'Set' as const, element: { type: 'String' as const }, required: true },
        parameters: {
          type: 'Record' as const,
          required: true,
          attributes: Object.fromEntries(
            [...parameters].map(([name, type]) => [name, parameterAttribute(type)]),
          ),
        },
      },
    },
  };
}

export type NamedActions = ReadonlyMap<
  string,
  { readonly group: string; readonly parameters: ParameterTypes }
>;

/** The actions that rules name, with what IAM and the models know of them. */
export function namedActions(names: ReadonlySet<string>, iam: IamData, models: Models): NamedActions {
  const named = new Map<string, { group: string; parameters: ParameterTypes }>();
  for (const name of names) {
    const [prefix = '', short = ''] = name.split(':');
    const known = iam.service(prefix)?.action(short);
    if (!known || `${prefix}:${known.name}` !== name) continue;
    named.set(name, { group: GROUPS[known.row[0]], parameters: parametersOf(name, models) });
  }
  return named;
}

/** The Cedar schema of a set of rules: the actions that they name, typed by their operations, and one for all others. */
export function rulesSchema(
  named: NamedActions,
  services: ReadonlySet<string>,
  catalog: CatalogFile,
): SchemaJson<string> {
  const groups = Object.values(GROUPS).map((group) => [group, {}] as const);
  const none: ParameterTypes = new Map();
  const others = [...services, 'other'].flatMap((service) =>
    Object.values(GROUPS).map((group) => {
      const memberOf = [{ id: group }, ...(service === 'other' ? [] : [{ id: service }])];
      return [otherAction(service, group), { memberOf, appliesTo: appliesTo(none) }] as const;
    }),
  );
  const typed = [...named].map(([name, { group, parameters }]) => {
    const service = name.slice(0, name.indexOf(':'));
    const memberOf = [{ id: group }, ...(services.has(service) ? [{ id: service }] : [])];
    return [name, { memberOf, appliesTo: appliesTo(parameters) }] as const;
  });
  return {
    '': {
      entityTypes: {
        Group: {},
        Catalog: { enum: catalog.resources.map(({ key }) => key) },
        Principal: {
          memberOfTypes: ['Group'],
          shape: { type: 'Record', attributes: { type: attribute('String'), status: attribute('String') } },
        },
        Resource: {
          memberOfTypes: ['Catalog'],
          shape: {
            type: 'Record',
            attributes: {
              arn: attribute('String'),
              service: attribute('String'),
              account: attribute('String'),
              isKnown: attribute('Boolean'),
            },
          },
        },
      },
      actions: Object.fromEntries([
        ...groups,
        ...[...services].map((service) => [service, {}] as const),
        ...others,
        ...typed,
      ]),
    },
  };
}
