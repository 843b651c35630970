import type { Holder } from '../../../policy/check/check.ts';
import { nodeOfValue } from '../../../policy/parse/node-of-value.ts';
import type { PolicyType } from '../../../policy/parse/policy-model.ts';
import type { FoundPolicy, Unread } from './named-policy.ts';
import { withoutOpenActions } from './open-actions.ts';
import { makeResolver } from './resolve-intrinsics.ts';
import { withSymbolicArns } from './symbolic-arns.ts';
import type { TemplateResource, TemplateValue, World } from './template-value.ts';
import { type Conditions, conditionsIn, nameOfWorld, worldsOf } from './template-worlds.ts';
import { typeOfDocument } from './type-of-document.ts';

type Properties = { readonly [key: string]: TemplateValue };
type Place = {
  readonly part: string;
  readonly document: TemplateValue | undefined;
  readonly type?: PolicyType;
  readonly holder?: Holder;
};

const isObject = (value: unknown): value is Properties =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether a value is a CloudFormation template. CDK's output is one. */
export const isTemplate = (value: unknown): value is { Resources: Record<string, TemplateResource> } =>
  isObject(value) &&
  isObject(value.Resources) &&
  Object.values(value.Resources).some((entry) => isObject(entry) && typeof entry.Type === 'string');

type Branches = (value: TemplateValue) => readonly TemplateValue[];

/** Inline policies of a role, user or group, by their places in the list. */
const inline = ({ Policies }: Properties, holder: Holder, branchesOf: Branches): Place[] =>
  branchesOf(Policies ?? [])
    .flat()
    .flatMap((entry, nth) => branchesOf(entry).map((side) => [side, nth] as const))
    .flatMap(([entry, nth]) =>
      isObject(entry) && entry.PolicyDocument !== undefined
        ? [{ part: `Policies[${nth}]`, document: entry.PolicyDocument, type: 'identity' as const, holder }]
        : [],
    );

const holderOf = ({ Roles, Users, Groups }: Properties): Holder =>
  Roles ? 'role' : Users ? 'user' : Groups ? 'group' : 'role';

/** Where each type of resource has policies, and what they are attached as. */
const PLACES: Readonly<Record<string, (properties: Properties, branchesOf: Branches) => Place[]>> = {
  'AWS::IAM::Role': (p, branchesOf) => [
    { part: 'AssumeRolePolicyDocument', document: p.AssumeRolePolicyDocument, type: 'trust' },
    ...inline(p, 'role', branchesOf),
  ],
  'AWS::IAM::User': (p, branchesOf) => inline(p, 'user', branchesOf),
  'AWS::IAM::Group': (p, branchesOf) => inline(p, 'group', branchesOf),
  'AWS::IAM::Policy': (p) => [
    { part: 'PolicyDocument', document: p.PolicyDocument, type: 'identity', holder: holderOf(p) },
  ],
  'AWS::IAM::RolePolicy': (p) => [
    { part: 'PolicyDocument', document: p.PolicyDocument, type: 'identity', holder: 'role' },
  ],
  'AWS::IAM::UserPolicy': (p) => [
    { part: 'PolicyDocument', document: p.PolicyDocument, type: 'identity', holder: 'user' },
  ],
  'AWS::IAM::GroupPolicy': (p) => [
    { part: 'PolicyDocument', document: p.PolicyDocument, type: 'identity', holder: 'group' },
  ],
  'AWS::IAM::ManagedPolicy': (p) => [
    { part: 'PolicyDocument', document: p.PolicyDocument, type: 'identity' },
  ],
  'AWS::SSO::PermissionSet': (p) => [
    { part: 'InlinePolicy', document: p.InlinePolicy, type: 'identity', holder: 'role' },
  ],
  'AWS::Organizations::Policy': (p) => [
    {
      part: 'Content',
      document: p.Content,
      type: p.Type === 'RESOURCE_CONTROL_POLICY' ? 'rcp' : 'scp',
    },
  ],
};

/** Properties that hold a resource's own policy, whatever the type. */
const RESOURCE_POLICIES = [
  'PolicyDocument',
  'KeyPolicy',
  'ResourcePolicy',
  'RepositoryPolicyText',
  'FileSystemPolicy',
  'Policy',
  'AccessPolicies',
];

function placesOf({ Type = '', Properties = {} }: TemplateResource, branchesOf: Branches): Place[] {
  const own = PLACES[Type];
  if (own) return own(Properties, branchesOf);
  return RESOURCE_POLICIES.flatMap((part) => {
    const document = Properties[part];
    return document !== undefined && statementsAreIn(document) ? [{ part, document }] : [];
  });
}

const statementsAreIn = (document: TemplateValue): boolean =>
  (isObject(document) && 'Statement' in document) ||
  (typeof document === 'string' && /"Statement"/.test(document));

/** Who has a policy: a role itself, or the first role that a policy is attached to. */
function principalOf(id: string, { Type = '', Properties = {} }: TemplateResource): string | undefined {
  if (/^AWS::IAM::(?:Role|User|Group)$/.test(Type)) return id;
  const [first] = [Properties.Roles ?? Properties.Users ?? Properties.Groups ?? []].flat();
  return isObject(first) && typeof first.Ref === 'string'
    ? first.Ref
    : typeof first === 'string'
      ? first
      : undefined;
}

/** What of a template says which policies it makes. */
export type Template = {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Conditions?: Conditions;
};
type Policies = { readonly found: FoundPolicy[]; readonly unread: Unread[] };

/** The properties that policies stand in. */
const POLICY_PROPERTIES = [
  'AssumeRolePolicyDocument',
  'Policies',
  'InlinePolicy',
  'Content',
  ...RESOURCE_POLICIES,
];

/** The conditions that decide what somebody may do: of their policies, wherever those stand. */
function conditionsByHolder({ Resources }: Template): ReadonlyMap<string, ReadonlySet<string>> {
  const conditions = new Map<string, Set<string>>();
  for (const [id, resource] of Object.entries(Resources)) {
    const { Properties = {}, Condition } = resource;
    const names = POLICY_PROPERTIES.flatMap((name) => conditionsIn(Properties[name]));
    const holder = principalOf(id, resource) ?? id;
    const before = conditions.get(holder) ?? [];
    conditions.set(holder, new Set([...before, ...names, ...(Condition === undefined ? [] : [Condition])]));
  }
  return conditions;
}

/** One of the documents that may stand in a place, and the deployments in which it does. */
type Variant = Omit<Place, 'document'> & {
  readonly read: TemplateValue | undefined;
  readonly worlds: string[];
};

/** What stands in each of a resource's places, in each of the deployments. */
function variantsOf(id: string, { Resources }: Template, worlds: readonly World[]): Variant[] {
  const resource = Resources[id] ?? {};
  const variants = new Map<string, Variant>();
  for (const world of worlds) {
    if (resource.Condition !== undefined && world.get(resource.Condition) === false) continue;
    const { resolve, branchesOf } = makeResolver(Resources, world);
    for (const { document, ...place } of placesOf(resource, branchesOf)) {
      const resolved = document === undefined ? '' : resolve(document);
      if (resolved === '') continue;
      const read = typeof resolved === 'string' ? readText(resolved) : resolved;
      const key = JSON.stringify([place.part, read]);
      const variant = variants.get(key) ?? { ...place, read, worlds: [] };
      variant.worlds.push(nameOfWorld(world));
      variants.set(key, variant);
    }
  }
  return [...variants.values()];
}

/** A template is text from outside: what stands where a resource or a condition would, and is none, is left out. */
export const wellFormed = ({ Resources, Conditions }: Template): Required<Template> => ({
  Resources: Object.fromEntries(
    Object.entries(Resources).flatMap(([id, resource]) => {
      if (!isObject(resource)) return [];
      const { Type, Condition, Properties } = resource as Properties;
      return [
        [
          id,
          {
            ...(typeof Type === 'string' && { Type }),
            ...(typeof Condition === 'string' && { Condition }),
            ...(isObject(Properties) && { Properties }),
          },
        ],
      ];
    }),
  ),
  Conditions: isObject(Conditions) ? Conditions : {},
});

/** Every policy that a template makes, with functions resolved as far as that goes; and what is left open altogether. */
export function policiesOfTemplate(file: string, given: Template): Policies {
  const template = wellFormed(given);
  const found: FoundPolicy[] = [];
  const unread = new Map<string, Unread>();
  const leave = (name: string, detail: string) => unread.set(`${name} ${detail}`, { file: name, detail });
  const conditions = conditionsByHolder(template);
  for (const [id, resource] of Object.entries(template.Resources)) {
    const principal = principalOf(id, resource);
    const { worlds, isWhole } = worldsOf(conditions.get(principal ?? id) ?? [], template.Conditions);
    for (const { part, read, type, holder, worlds: own } of variantsOf(id, template, worlds)) {
      const name = `${file}#${id}.${part}`;
      if (!isWhole) leave(name, 'some combinations of its many conditions');
      if (read === undefined) {
        leave(name, 'what the policy is, only a deployment knows');
        continue;
      }
      const { document: known, open } = withoutOpenActions(read);
      for (const place of open) leave(`${name}.${place}`, 'which actions, only a deployment knows');
      if (isEmpty(known)) continue;
      const value = withSymbolicArns(known);
      found.push({
        ...{ name, file, type: type ?? typeOfDocument(value), root: nodeOfValue(value) },
        ...(holder && { holder }),
        ...(principal !== undefined && type === 'identity' && { principal: `${file}#${principal}` }),
        ...(own.length < worlds.length && { worlds: { there: own, all: worlds.map(nameOfWorld) } }),
      });
    }
  }
  return { found, unread: [...unread.values()] };
}

/** Whether nothing is left of what it says. */
const isEmpty = (document: TemplateValue): boolean =>
  isObject(document) && Array.isArray(document.Statement) && document.Statement.length === 0;

/** A document that is written as a text; undefined where it is none, as where a function stands in its place. */
function readText(text: string): TemplateValue | undefined {
  try {
    const value = JSON.parse(text) as TemplateValue;
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
