import type { Holder } from '../../../policy/check/check.ts';
import { nodeOfValue } from '../../../policy/parse/node-of-value.ts';
import type { PolicyType } from '../../../policy/parse/policy-model.ts';
import { documentOfBlocks } from './document-of-blocks.ts';
import type { FoundPolicy, Unread } from './named-policy.ts';
import { withSymbolicArns } from './symbolic-arns.ts';
import { statementsIn, typeOfDocument } from './type-of-document.ts';

type Values = { readonly [name: string]: unknown };
type PlannedResource = {
  readonly address: string;
  readonly mode?: string;
  readonly type: string;
  readonly values: Values;
};
type Module = { readonly resources?: unknown; readonly child_modules?: unknown };
export type Plan = {
  readonly planned_values: unknown;
  readonly resource_changes?: unknown;
};

/** Whether a value is what `terraform show -json` says of a plan. */
export const isPlan = (value: unknown): value is Plan =>
  typeof value === 'object' && value !== null && 'planned_values' in value && 'terraform_version' in value;

/** Attributes that hold a policy, by the type of resource. */
const ATTRIBUTES: Readonly<
  Record<string, readonly [attribute: string, type: PolicyType, holder?: Holder][]>
> = {
  aws_iam_policy: [['policy', 'identity']],
  aws_iam_role_policy: [['policy', 'identity', 'role']],
  aws_iam_user_policy: [['policy', 'identity', 'user']],
  aws_iam_group_policy: [['policy', 'identity', 'group']],
  aws_iam_role: [['assume_role_policy', 'trust']],
  aws_ssoadmin_permission_set_inline_policy: [['inline_policy', 'identity', 'role']],
  aws_organizations_policy: [['content', 'scp']],
};

/** Attributes of other resources that hold a policy of their own. */
const RESOURCE_POLICIES = [
  'policy',
  'resource_policy',
  'access_policies',
  'repository_policy',
  'access_policy',
];

const isObject = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const modulesOf = (module: unknown): Module[] =>
  isObject(module) ? [module, ...listOf(module.child_modules).flatMap(modulesOf)] : [];

/** A plan is text from outside: what stands where a resource would, and is none, is left out. */
function resourcesOf({ planned_values }: Plan): PlannedResource[] {
  const root = isObject(planned_values) ? planned_values.root_module : undefined;
  return modulesOf(root)
    .flatMap(({ resources }) => listOf(resources))
    .flatMap((resource): PlannedResource[] => {
      if (!isObject(resource)) return [];
      const { address, type, mode, values } = resource;
      if (typeof address !== 'string' || typeof type !== 'string') return [];
      return [
        {
          ...{ address, type, values: isObject(values) ? values : {} },
          ...(typeof mode === 'string' && { mode }),
        },
      ];
    });
}

/** Every policy that a plan would make. What is known only after it was applied is said to be so. */
export function policiesOfPlan(file: string, plan: Plan): { found: FoundPolicy[]; unread: Unread[] } {
  const found: FoundPolicy[] = [];
  const unread: Unread[] = [];
  for (const { address, type, mode, values } of resourcesOf(plan)) {
    if (mode === 'data' && type === 'aws_iam_policy_document') {
      const document = withSymbolicArns(documentOfBlocks(values));
      if (document)
        found.push({
          name: `${file}#${address}`,
          file,
          type: typeOfDocument(document),
          root: nodeOfValue(document),
        });
      continue;
    }
    for (const [attribute, as, holder] of attributesOf(type, values)) {
      const text = values[attribute];
      const part = `${address}.${attribute}`;
      if (typeof text !== 'string') {
        if (isUnknown(plan, address, attribute))
          unread.push({ file, detail: `${part} is known only after the plan was applied` });
        continue;
      }
      try {
        const value: unknown = JSON.parse(text);
        if (!statementsIn(value)) continue;
        const principal = principalOf(type, values);
        found.push({
          name: `${file}#${part}`,
          file,
          type: as === 'resource' ? typeOfDocument(value) : policyTypeOf(as, values),
          root: nodeOfValue(value),
          ...(holder && { holder }),
          ...(principal !== undefined && as === 'identity' && { principal: `${file}#${principal}` }),
        });
      } catch {
        unread.push({ file, detail: `${part} is no JSON` });
      }
    }
  }
  return { found, unread };
}

function attributesOf(type: string, values: Values): readonly [string, PolicyType, Holder?][] {
  return (
    ATTRIBUTES[type] ??
    (type.startsWith('aws_')
      ? RESOURCE_POLICIES.filter((name) => name in values).map((name): [string, PolicyType] => [
          name,
          'resource',
        ])
      : [])
  );
}

const policyTypeOf = (as: PolicyType, { type }: Values): PolicyType =>
  as === 'scp' && type === 'RESOURCE_CONTROL_POLICY' ? 'rcp' : as;

const principalOf = (type: string, { role, user, group, name }: Values): string | undefined => {
  const owner = role ?? user ?? group ?? (type === 'aws_iam_role' ? name : undefined);
  return typeof owner === 'string' ? owner : undefined;
};

function isUnknown(plan: Plan, address: string, attribute: string): boolean {
  const found = listOf(plan.resource_changes).find((entry) => isObject(entry) && entry.address === address);
  const change = isObject(found) ? found.change : undefined;
  const unknown = isObject(change) ? change.after_unknown : undefined;
  return isObject(unknown) && unknown[attribute] === true;
}
