import type { Synthesised } from '../../../sandbox/template/types.ts';

type Resources = Record<string, { readonly Type: string; readonly Properties?: Record<string, unknown> }>;

/** The functions that act in other accounts. */
export const ACTING = ['postern-assume-role', 'postern-revoke-session', 'postern-lift-revocation'] as const;
export type Acting = (typeof ACTING)[number];

/** In the place of its bundle: whoever invokes it is told its environment, with the keys of its role. */
const LENDS_ITS_KEYS = 'exports.handler = async () => ({ ...process.env });';

/** What a value of a template refers to. */
function referredTo(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referredTo);
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === 'Ref') return [String(inner)];
    if (key === 'Fn::GetAtt') return [String((inner as unknown[])[0])];
    return referredTo(inner);
  });
}

/**
 * Of the broker's template, what other accounts meet: the functions that act there, the brokered roles of its own account, and all
 * that these refer to. A deployment of the whole takes longer than everything else here.
 */
export function brokersPart(template: Synthesised): string {
  const all = template.Resources as Resources;
  const part: Resources = {};
  const take = (id: string): void => {
    const resource = all[id];
    if (!resource || part[id]) return;
    part[id] = resource;
    for (const other of referredTo(resource.Properties)) take(other);
  };
  for (const [id, { Type, Properties = {} }] of Object.entries(all)) {
    if (Type === 'AWS::Lambda::Function' && ACTING.some((name) => name === Properties.FunctionName)) take(id);
    if (Type === 'AWS::IAM::Role' && String(Properties.RoleName).startsWith('postern-brokered-')) take(id);
  }
  const lending = Object.entries(part).map(([id, resource]) => [
    id,
    resource.Type === 'AWS::Lambda::Function'
      ? { ...resource, Properties: { ...resource.Properties, Code: { ZipFile: LENDS_ITS_KEYS } } }
      : resource,
  ]);
  return JSON.stringify({ Resources: Object.fromEntries(lending) });
}
