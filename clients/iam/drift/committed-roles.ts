import { readFile } from 'node:fs/promises';
import { PosternError } from '../../sdk/postern-error.ts';
import { isTemplate, type Template, wellFormed } from '../inputs/policies-of-template.ts';
import { makeResolver, TEMPLATE_ACCOUNT } from '../inputs/resolve-intrinsics.ts';
import { withSymbolicArns } from '../inputs/symbolic-arns.ts';
import type { TemplateResource, TemplateValue, World } from '../inputs/template-value.ts';
import { conditionsIn, nameOfWorld, worldsOf } from '../inputs/template-worlds.ts';
import { isMeant, type Where } from './across-worlds.ts';
import { refuseUnknown } from './read-where.ts';

/** A role as a template makes it. Where the template leaves something to a deployment, its documents say so. */
export type CommittedRole = {
  readonly id: string;
  /** As it is deployed; the logical id of one that is not. */
  readonly name: string;
  readonly isDeployed: boolean;
  /** What it has in each deployment that conditions tell apart; undefined where it is not made. */
  readonly variants: readonly { readonly world: string; readonly has: RoleVariant | undefined }[];
  /** Whether these are all: of very many conditions not every combination is looked at. */
  readonly isWhole: boolean;
};

export type RoleVariant = {
  readonly trust: unknown;
  /** Its inline policies, and the template's that are attached to it. */
  readonly policies: readonly unknown[];
  /** Names of AWS's managed policies that it has. */
  readonly ofAws: readonly string[];
};

type Place = {
  readonly account: string;
  readonly region?: string | undefined;
  /** Names of the roles that are deployed: of those that a deployment made up, the one that is meant is among them. */
  readonly deployed: readonly string[];
  /** What is known of the templates' conditions. */
  readonly where: Where;
};
type Properties = { readonly [key: string]: TemplateValue };

const refused = (detail: string): PosternError => new PosternError({ code: 'invalid_policy', detail });

/** The roles of CloudFormation templates (CDK's output too), as they would be in an account. Throws `invalid_policy`. */
export async function committedRoles(files: readonly string[], place: Place): Promise<CommittedRole[]> {
  const templates = await Promise.all(files.map(readTemplate));
  const known = templates.flatMap(({ Resources, Conditions }) =>
    rolesIn(Resources)
      .flatMap(([id]) => conditionsOf(id, Resources))
      .flatMap((name) => [
        name,
        // What is said may be about a condition that this one goes by.
        ...Object.keys(Conditions),
      ]),
  );
  refuseUnknown(place.where, new Set(known));
  return templates.flatMap((template) => rolesOf(template, place));
}

async function readTemplate(file: string) {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw refused(`${file} cannot be read: ${error.code ?? 'unreadable'}`);
  });
  const value = await readValue(file, text);
  if (!isTemplate(value)) throw refused(`${file} is no CloudFormation template: --from compares with those.`);
  return wellFormed(value);
}

async function readValue(file: string, text: string): Promise<unknown> {
  try {
    return JSON.parse(text);
  } catch {
    if (!/\.ya?ml$/.test(file) && !/^Resources:/m.test(text))
      throw refused(`${file} is no JSON: it may have been cut off.`);
    const { readYamlTemplate } = await import('../inputs/read-yaml-template.ts');
    return readYamlTemplate(text);
  }
}

type Resources = Readonly<Record<string, TemplateResource>>;

const ofType = (resources: Resources, type: RegExp) =>
  Object.entries(resources).filter(([, { Type = '' }]) => type.test(Type));
const rolesIn = (resources: Resources) => ofType(resources, /^AWS::IAM::Role$/);
const ATTACHED = /^AWS::IAM::(?:Policy|ManagedPolicy|RolePolicy)$/;

const refOf = (value: TemplateValue): string | undefined =>
  typeof value === 'object' && value !== null && 'Ref' in value ? String(value.Ref) : undefined;

/** All that stands in a list, whatever conditions choose. */
const mentioned = (value: TemplateValue | undefined): string => JSON.stringify(value ?? null);

/** The conditions that decide what a role may do: of itself, and of the policies that may be attached to it. */
function conditionsOf(id: string, resources: Resources): string[] {
  const { Condition, Properties = {} } = resources[id] ?? {};
  const name = typeof Properties.RoleName === 'string' ? Properties.RoleName : undefined;
  const attached = ofType(resources, ATTACHED).filter(([own, { Properties: p = {} }]) => {
    const holders = mentioned([p.Roles ?? null, p.RoleName ?? null]);
    return (
      holders.includes(JSON.stringify({ Ref: id })) ||
      (name !== undefined && holders.includes(JSON.stringify(name))) ||
      mentioned(Properties.ManagedPolicyArns).includes(JSON.stringify({ Ref: own }))
    );
  });
  return [
    ...(Condition === undefined ? [] : [Condition]),
    ...conditionsIn(Properties),
    ...attached.flatMap(([, { Condition: own, Properties: p = {} }]) => [
      ...(own === undefined ? [] : [own]),
      ...conditionsIn(p),
    ]),
  ];
}

function rolesOf({ Resources, Conditions }: Required<Template>, place: Place): CommittedRole[] {
  const roles = rolesIn(Resources);
  const named = new Map(
    roles.map(([id, { Properties = {} }]) => [id, nameIn(place, id, Properties.RoleName)]),
  );
  return roles.map(([id, { Properties: { RoleName } = {} }]): CommittedRole => {
    // Those that are told to be so count, too: others may go by them.
    const names = [
      ...conditionsOf(id, Resources),
      ...[...place.where.keys()].filter((name) => name in Conditions),
    ];
    const { worlds, isWhole } = worldsOf(names, Conditions);
    return {
      id,
      name: named.get(id) ?? (typeof RoleName === 'string' ? RoleName : id),
      isDeployed: named.get(id) !== undefined,
      isWhole,
      variants: worlds
        .filter((world) => isMeant(nameOfWorld(world), place.where))
        .map((world) => ({ world: nameOfWorld(world), has: variantOf(id, Resources, world, named, place) })),
    };
  });
}

/** What a role has in one deployment. */
function variantOf(
  id: string,
  resources: Resources,
  world: World,
  named: ReadonlyMap<string, string | undefined>,
  place: Place,
): RoleVariant | undefined {
  const isMade = ({ Condition }: TemplateResource): boolean =>
    Condition === undefined || world.get(Condition) !== false;
  const { resolve, branchesOf } = makeResolver(resources, world);
  /** The account, the region, and the roles' names are known. */
  const documentOf = (value: TemplateValue | undefined): unknown => {
    let text = JSON.stringify(resolve(value ?? null)).replaceAll(TEMPLATE_ACCOUNT, place.account);
    if (place.region !== undefined) text = text.replaceAll('${template:Region}', place.region);
    for (const [own, name] of named)
      if (name !== undefined) text = text.replaceAll(`:role/${own}"`, `:role/${name}"`);
    return withSymbolicArns(JSON.parse(text));
  };
  /** What stands in a list there. */
  const listed = (value: TemplateValue | undefined): TemplateValue[] =>
    branchesOf(value ?? [])
      .flat()
      .flatMap((item) => branchesOf(item as TemplateValue))
      .filter((item) => refOf(item) !== 'AWS::NoValue');

  const role = resources[id] ?? {};
  if (!isMade(role)) return undefined;
  const { AssumeRolePolicyDocument, RoleName, Policies, ManagedPolicyArns } = role.Properties ?? {};
  const isMine = (holder: TemplateValue) => refOf(holder) === id || holder === RoleName;
  const inline = listed(Policies).map((policy) =>
    typeof policy === 'object' && policy !== null ? (policy as Properties).PolicyDocument : undefined,
  );
  const attached = ofType(resources, ATTACHED)
    .filter(([, resource]) => isMade(resource))
    .flatMap(([own, { Properties: p = {} }]) => {
      const isAttached =
        listed(p.Roles).some(isMine) ||
        (p.RoleName !== undefined && listed(p.RoleName).some(isMine)) ||
        listed(ManagedPolicyArns).some((arn) => refOf(arn) === own);
      return isAttached ? [p.PolicyDocument] : [];
    });
  return {
    trust: documentOf(AssumeRolePolicyDocument),
    policies: [...inline, ...attached].map(documentOf),
    ofAws: listed(ManagedPolicyArns).flatMap((arn) => {
      const text = resolve(arn);
      return typeof text === 'string' && /^arn:[^:]*:iam::aws:policy\//.test(text)
        ? [text.split('/').at(-1) ?? '']
        : [];
    }),
  };
}

/**
 * A role's name: the template's, or of those that are deployed the one that CloudFormation made up for it: the stack's,
 * the first 24 letters of the logical id, and twelve more.
 */
function nameIn({ deployed }: Place, id: string, name: TemplateValue | undefined): string | undefined {
  if (typeof name === 'string') return deployed.includes(name) ? name : undefined;
  const madeUp = new RegExp(`-${id.slice(0, 24)}[A-Za-z0-9]*(?:-[A-Za-z0-9]{12,13})?$`);
  return deployed.find((candidate) => madeUp.test(candidate));
}
