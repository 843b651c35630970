import { isListed, waysToList } from '../../data/iam-data.ts';
import { listedKey } from '../../data/service-data.ts';
import type { Pattern, Statement } from '../../parse/policy-model.ts';
import type { Check } from '../check.ts';
import type { Hit } from '../finding.ts';
import { partsOfAction } from '../matched-actions.ts';
import { atCondition, atElement } from '../places.ts';
import { n13VariableForm } from './n13-variable-form.ts';

const { id, severity, title, why, remedy } = n13VariableForm;

/** What a template leaves open stands in policies as a variable of this prefix. */
const OF_TEMPLATE = 'template:';

export const n13Variable: Check = {
  ...{ id, severity, title, why, remedy },
  *run({ policy, around: { data } }) {
    for (const statement of policy.statements)
      for (const { pattern, where } of patternsOf(statement)) {
        if (policy.version === '2008-10-17' && /\$\{/.test(pattern.text)) {
          yield { ...where, detail: `${pattern.text} is plain text in a policy of Version 2008-10-17.` };
          continue;
        }
        for (const part of pattern.parts) {
          if (part.kind !== 'variable' || part.key.startsWith(OF_TEMPLATE)) continue;
          if (isKnown(part.key, statement, data)) continue;
          yield { ...where, detail: `No request carries ${part.key}, which ${pattern.text} names.` };
        }
      }
  },
};

type Placed = { readonly pattern: Pattern; readonly where: Pick<Hit, 'path' | 'position'> };

const patternsOf = (statement: Statement): Placed[] => [
  ...(statement.resources?.items ?? []).map((pattern, nth) => ({
    pattern,
    where: atElement(statement, 'resources', nth),
  })),
  ...statement.conditions.flatMap(({ values }, nth) =>
    values.map((pattern) => ({ pattern, where: atCondition(statement, nth) })),
  ),
];

function isKnown(
  key: string,
  { actions }: Statement,
  data: Parameters<Check['run']>[0]['around']['data'],
): boolean {
  const [prefix = ''] = key.split(':');
  if (waysToList(key).some((way) => Object.hasOwn(data.globalKeys, way))) return true;
  // Keys of identity providers, and of what a session was made with.
  if (prefix.includes('.') || prefix === 'saml' || prefix === 'sts' || prefix === 'identitystore')
    return true;
  const services = new Set([prefix, ...actions.items.flatMap((item) => partsOfAction(item)?.service ?? [])]);
  return [...services].some((service) => {
    const keys = data.serviceOf(service)?.keys;
    return keys !== undefined && isListed(new Set(keys.map(listedKey)), key);
  });
}
