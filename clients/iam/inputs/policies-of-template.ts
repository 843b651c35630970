import type { Holder } from '../../../policy/check/check.ts';
import { nodeOfValue } from '../../../policy/parse/node-of-value.ts';
import type { PolicyType } from '../../../policy/parse/policy-model.ts';
import type { FoundPolicy } from './named-policy.ts';
import { makeResolver, type TemplateResource, type TemplateValue } from './resolve-intrinsics.ts';
import { withSymbolicArns } from './symbolic-arns.ts';
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

/** Inline policies of a role, user or group. */
const inline = ({ Policies }: Properties, holder: Holder): Place[] =>
  [Policies ?? []]
    .flat()
    .flatMap((entry, nth) =>
      isObject(entry)
        ? [{ part: `Policies[${nth}]`, document: entry.PolicyDocument, type: 'identity' as const, holder }]
        : [],
    );

const holderOf = ({ Roles, Users, Groups }: Properties): Holder =>
  Roles ? 'role' : Users ? 'user' : Groups ? 'group' : 'role';

/** Where each type of resource has policies, and what they are attached as. */
const PLACES: Readonly<Record<string, (properties: Properties) => Place[]>> = {
  'AWS::IAM::Role': (p) => [
    { part: 'AssumeRolePolicyDocument', document: p.AssumeRolePolicyDocument, type: 'trust' },
    ...inline(p, 'role'),
  ],
  'AWS::IAM::User': (p) => inline(p, 'user'),
  'AWS::IAM::Group': (p) => inline(p, 'group'),
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

function placesOf({ Type = '', Properties = {} }: TemplateResource): Place[] {
  const own = PLACES[Type];
  if (own) return own(Properties);
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

/** Every policy that a template makes, with functions resolved as far as that goes. */
export function policiesOfTemplate(
  file: string,
  template: { readonly Resources: Readonly<Record<string, TemplateResource>> },
): FoundPolicy[] {
  const { resolve } = makeResolver(template.Resources);
  return Object.entries(template.Resources).flatMap(([id, resource]) => {
    const principal = principalOf(id, resource);
    return placesOf(resource).flatMap(({ part, document, type, holder }): FoundPolicy[] => {
      if (document === undefined) return [];
      const resolved = resolve(document);
      const value = withSymbolicArns(typeof resolved === 'string' ? JSON.parse(resolved) : resolved);
      return [
        {
          name: `${file}#${id}.${part}`,
          file,
          type: type ?? typeOfDocument(value),
          root: nodeOfValue(value),
          ...(holder && { holder }),
          ...(principal !== undefined && type === 'identity' && { principal: `${file}#${principal}` }),
        },
      ];
    });
  });
}
