import * as cedar from '@cedar-policy/cedar-wasm/nodejs';
import type { CatalogFile } from '../../lambdas/shared/domain/catalog/catalog.ts';
import { ConfigError } from '../../lambdas/shared/domain/config-error.ts';
import { digestOf } from '../../lambdas/shared/domain/digest.ts';
import type { IamData } from '../identify/iam/open-iam-data.ts';
import type { Models } from '../identify/read-models.ts';
import {
  askedFor,
  countedIn,
  entitiesIn,
  looksAt,
  type Rule,
  readRules,
  refuseRules,
  withoutResource,
} from './read-rules.ts';
import { GROUPS, type NamedActions, namedActions, rulesSchema } from './rules-schema.ts';

const FILE = 'gateway.cedar';

/** Rules as Cedar holds them, by the names of their sets. */
export type RuleSet = {
  readonly policySetId: string;
  /** The same, as they count where the resource is not known. */
  readonly unknownSetId: string;
  /** The actions that these rules name, whose parameters have to be of their models' types. */
  readonly named: NamedActions;
};

/** The rules, parsed and validated, as Cedar holds them. */
export type CompiledRules = {
  readonly digest: string;
  readonly schemaName: string;
  /** Those that decide. */
  readonly deciding: RuleSet;
  /** All of them, those that are only observed too; undefined where none is. */
  readonly observing: RuleSet | undefined;
  readonly named: NamedActions;
  /** Services that rules name as a whole. */
  readonly services: ReadonlySet<string>;
  /** Groups whose calls are counted, because a rule looks at how many there were. */
  readonly counted: ReadonlySet<string>;
  /** Actions that a rule asks whether they were called before. */
  readonly earlier: readonly string[];
  /** Of these, the ones that matter to a call of this action and group: a rule whose scope it is in asks for them. */
  readonly earlierFor: (action: string, group: string | undefined) => readonly string[];
  /** Of each rule the actions that its scope names, one by one: what is refused unless named is named there. */
  readonly scopes: ReadonlyMap<string, ReadonlySet<string>>;
};

/** Throws ConfigError for the first action or resource that does not exist: Cedar alone would let it pass. */
function checkNames(
  rules: readonly Rule[],
  catalog: CatalogFile,
  iam: IamData,
  named: NamedActions,
): Set<string> {
  const services = new Set<string>();
  const groups = new Set(Object.values(GROUPS));
  const keys = new Set(catalog.resources.map(({ key }) => key));
  for (const rule of rules) {
    for (const { type, id } of entitiesIn(rule)) {
      if (type === 'Catalog' && !keys.has(id)) {
        throw new ConfigError(FILE, rule.line, `${rule.id}: Catalog::"${id}" is not in catalog.json`);
      }
      if (type !== 'Action' || groups.has(id) || named.has(id)) continue;
      if (id.includes(':') || !iam.service(id)) {
        throw new ConfigError(
          FILE,
          rule.line,
          `${rule.id}: Action::"${id}" is no action, service or group of IAM`,
        );
      }
      services.add(id);
    }
  }
  return services;
}

/** Throws ConfigError for a question whether something is there that can never be. */
function checkQuestions(rules: readonly Rule[], named: NamedActions): void {
  for (const rule of rules) {
    const { ofContext, ofParameters } = askedFor(rule);
    const known = new Set(
      [...scopeOf(rule)].flatMap((action) => [...(named.get(action)?.parameters.keys() ?? [])]),
    );
    const never = ofParameters.find((name) => !known.has(name));
    if (never !== undefined) {
      throw new ConfigError(FILE, rule.line, `${rule.id}: no action that it names has a parameter ${never}`);
    }
    const [always] = ofContext;
    if (always !== undefined) {
      throw new ConfigError(
        FILE,
        rule.line,
        `${rule.id}: "context has ${always}" asks for what always is, or never`,
      );
    }
  }
}

/** The actions that a rule asks for by `context.earlier.contains("…")`. */
function earlierActions(rule: Rule, iam: IamData): string[] {
  const text = JSON.stringify(rule.json.conditions);
  return Array.from(text.matchAll(/"Value":"([a-z0-9-]+:[A-Za-z0-9]+)"/g), ([, name = '']) => {
    const [prefix = '', short = ''] = name.split(':');
    if (iam.service(prefix)?.action(short)) return name;
    throw new ConfigError(FILE, rule.line, `${rule.id}: "${name}" is no action of IAM`);
  });
}

/** Whether a rule's scope holds an action: any, or one that names it, its service or its group. */
function isInScope({ json: { action } }: Rule, called: string, group: string | undefined): boolean {
  if (action.op === 'All') return true;
  const service = called.slice(0, called.indexOf(':'));
  return actionIds(action).some((id) => id === called || id === service || id === group);
}

/** What rules ask of earlier calls. */
function recalledBy(rules: readonly Rule[], iam: IamData): Pick<CompiledRules, 'earlier' | 'earlierFor'> {
  const asking = rules
    .filter((rule) => looksAt(rule, 'earlier'))
    .map((rule) => ({ rule, actions: earlierActions(rule, iam) }));
  const all = (asked: typeof asking) => [...new Set(asked.flatMap(({ actions }) => actions))];
  return {
    earlier: all(asking),
    earlierFor: (action, group) => all(asking.filter(({ rule }) => isInScope(rule, action, group))),
  };
}

/** The groups that rules count; all of them where a rule hands the counts on as a whole. */
function countedGroups(rules: readonly Rule[]): ReadonlySet<string> {
  const looking = rules.filter((rule) => looksAt(rule, 'counts'));
  const groups = looking.map(countedIn);
  return new Set(groups.some((named) => named.length === 0) ? Object.values(GROUPS) : groups.flat());
}

/** What a scope names: actions, services and groups. */
function actionIds(action: Rule['json']['action']): string[] {
  const entities = 'entity' in action ? [action.entity] : 'entities' in action ? action.entities : [];
  return entities.map((entity) => ('__entity' in entity ? entity.__entity.id : entity.id));
}

const scopeOf = ({ json: { action } }: Rule): ReadonlySet<string> =>
  new Set(actionIds(action).filter((id) => id.includes(':')));

const policiesOf = (rules: readonly Rule[]): Record<string, cedar.PolicyJson> =>
  Object.fromEntries(rules.map(({ id, json }) => [id, json]));

/** Hands rules to Cedar under a name. */
function keepSet(text: string, name: string, rules: readonly Rule[], all: NamedActions): RuleSet {
  const ids = new Set(rules.flatMap(entitiesIn).map(({ id }) => id));
  const named = new Map([...all].filter(([action]) => ids.has(action)));
  const set = { policySetId: name, unknownSetId: `${name}:unknown`, named };
  const answers = [
    cedar.preparsePolicySet(set.policySetId, { staticPolicies: policiesOf(rules) }),
    cedar.preparsePolicySet(set.unknownSetId, { staticPolicies: withoutResource(rules) }),
  ];
  for (const answer of answers)
    if (answer.type === 'failure') refuseRules(text, answer.errors, 'could not be compiled');
  return set;
}

/**
 * Parses and validates the rules of calls, and hands them to Cedar. Throws ConfigError for what does not parse, does
 * not validate, has no `@id`, or names an action, a parameter or a resource that does not exist.
 */
export function compileRules(
  text: string,
  catalog: CatalogFile,
  iam: IamData,
  models: Models,
): CompiledRules {
  const rules = readRules(text);
  const ids = rules.flatMap(entitiesIn).flatMap(({ type, id }) => (type === 'Action' ? [id] : []));
  const named = namedActions(new Set(ids.filter((id) => id.includes(':'))), iam, models);
  const services = checkNames(rules, catalog, iam, named);
  checkQuestions(rules, named);
  const schema = rulesSchema(named, services, catalog);
  const validated = cedar.validate({ schema, policies: { staticPolicies: policiesOf(rules) } });
  if (validated.type === 'failure') refuseRules(text, validated.errors, 'does not validate');
  const [first] = validated.validationErrors;
  if (first) {
    const line = rules.find(({ id }) => id === first.policyId)?.line;
    throw new ConfigError(FILE, line, `${first.policyId}: ${first.error.message}`);
  }
  const digest = digestOf({ text, catalog: digestOf(catalog.resources.map(({ key }) => key)) });
  const schemaName = `gateway-schema:${digest}`;
  const parsed = cedar.preparseSchema(schemaName, schema);
  if (parsed.type === 'failure') refuseRules(text, parsed.errors, 'could not be compiled');
  const decisive = rules.filter(({ isObserved }) => !isObserved);
  return {
    digest,
    schemaName,
    deciding: keepSet(text, `gateway-rules:${digest}`, decisive, named),
    observing:
      decisive.length < rules.length ? keepSet(text, `gateway-observing:${digest}`, rules, named) : undefined,
    named,
    services,
    counted: countedGroups(rules),
    ...recalledBy(rules, iam),
    scopes: new Map(rules.map((rule) => [rule.id, scopeOf(rule)])),
  };
}
