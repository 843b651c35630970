import type { PolicyType } from '../../../policy/parse/policy-model.ts';

type Loose = { readonly [element: string]: unknown };

const isObject = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The statements of what could be a policy; undefined where it is none. */
export function statementsIn(value: unknown): readonly Loose[] | undefined {
  if (!isObject(value) || !('Statement' in value)) return undefined;
  const written = [value.Statement].flat();
  return written.every(isObject) ? written : undefined;
}

/** What a policy is most likely attached as, where nobody said: one that names principals is no identity's. */
export function typeOfDocument(value: unknown): PolicyType {
  const statements = statementsIn(value) ?? [];
  if (!statements.some((statement) => 'Principal' in statement || 'NotPrincipal' in statement))
    return 'identity';
  const actions = statements.flatMap((statement) => [statement.Action, statement.NotAction].flat());
  const isTrust = actions.every((statement) => typeof statement !== 'string' || /^sts:/i.test(statement));
  return isTrust && !statements.some((statement) => 'Resource' in statement || 'NotResource' in statement)
    ? 'trust'
    : 'resource';
}
