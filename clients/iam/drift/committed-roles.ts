import { readFile } from 'node:fs/promises';
import { PosternError } from '../../sdk/postern-error.ts';
import { isTemplate } from '../inputs/policies-of-template.ts';
import { makeResolver, TEMPLATE_ACCOUNT } from '../inputs/resolve-intrinsics.ts';
import { withSymbolicArns } from '../inputs/symbolic-arns.ts';
import type { TemplateResource, TemplateValue } from '../inputs/template-value.ts';

/** A role as a template makes it. Where the template leaves something to a deployment, its documents say so. */
export type CommittedRole = {
  readonly id: string;
  /** As it is deployed; the logical id of one that is not. */
  readonly name: string;
  readonly isDeployed: boolean;
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
};
type Properties = { readonly [key: string]: TemplateValue };

const refused = (detail: string): PosternError => new PosternError({ code: 'invalid_policy', detail });

/** The roles of CloudFormation templates (CDK's output too), as they would be in an account. Throws `invalid_policy`. */
export async function committedRoles(files: readonly string[], place: Place): Promise<CommittedRole[]> {
  const all = await Promise.all(files.map(async (file) => rolesOf(await readTemplate(file), place)));
  return all.flat();
}

async function readTemplate(file: string) {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw refused(`${file} cannot be read: ${error.code ?? 'unreadable'}`);
  });
  const value = await readValue(file, text);
  if (!isTemplate(value)) throw refused(`${file} is no CloudFormation template: --from compares with those.`);
  return value;
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

function rolesOf(
  { Resources }: { Resources: Record<string, TemplateResource> },
  place: Place,
): CommittedRole[] {
  const { resolve } = makeResolver(Resources);
  const ofType = (type: RegExp) => Object.entries(Resources).filter(([, { Type = '' }]) => type.test(Type));
  const named = new Map(
    ofType(/^AWS::IAM::Role$/).map(([id, { Properties = {} }]) => [
      id,
      nameIn(place, id, Properties.RoleName),
    ]),
  );
  /** The account, the region, and the roles' names are known. */
  const documentOf = (value: TemplateValue | undefined): unknown => {
    let text = JSON.stringify(resolve(value ?? null)).replaceAll(TEMPLATE_ACCOUNT, place.account);
    if (place.region !== undefined) text = text.replaceAll('${template:Region}', place.region);
    for (const [id, name] of named)
      if (name !== undefined) text = text.replaceAll(`:role/${id}"`, `:role/${name}"`);
    return withSymbolicArns(JSON.parse(text));
  };
  const refOf = (value: TemplateValue): string | undefined =>
    typeof value === 'object' && value !== null && 'Ref' in value ? String(value.Ref) : undefined;
  const listed = (value: TemplateValue | undefined): TemplateValue[] =>
    [value ?? []].flat() as TemplateValue[];

  return ofType(/^AWS::IAM::Role$/).map(([id, { Properties = {} }]): CommittedRole => {
    const { RoleName, Policies, ManagedPolicyArns } = Properties;
    const isMine = (role: TemplateValue) => refOf(role) === id || role === RoleName;
    const inline = listed(Policies).map((policy) => (policy as Properties).PolicyDocument);
    const attached = ofType(/^AWS::IAM::(?:Policy|ManagedPolicy|RolePolicy)$/).flatMap(
      ([own, { Properties: p = {} }]) => {
        const isAttached =
          listed(p.Roles).some(isMine) ||
          (p.RoleName !== undefined && isMine(p.RoleName)) ||
          listed(ManagedPolicyArns).some((arn) => refOf(arn) === own);
        return isAttached ? [p.PolicyDocument] : [];
      },
    );
    return {
      id,
      name: named.get(id) ?? (typeof RoleName === 'string' ? RoleName : id),
      isDeployed: named.get(id) !== undefined,
      trust: documentOf(Properties.AssumeRolePolicyDocument),
      policies: [...inline, ...attached].map(documentOf),
      ofAws: listed(ManagedPolicyArns).flatMap((arn) => {
        const text = resolve(arn);
        return typeof text === 'string' && /^arn:[^:]*:iam::aws:policy\//.test(text)
          ? [text.split('/').at(-1) ?? '']
          : [];
      }),
    };
  });
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
