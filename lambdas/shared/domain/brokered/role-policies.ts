import type { RoleStatements } from './role-statements.ts';

/** A statement as a policy document holds it. */
export type PolicyStatementJson = {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: string | readonly string[];
  readonly NotAction?: readonly string[];
  readonly Resource?: readonly string[];
  readonly NotResource?: readonly string[];
  readonly Condition?: object;
};

/** What a brokered role's own policies say: what the catalog lists, and a refusal of all else. */
export const permissionsOf = ({ allowed, refusals }: RoleStatements): PolicyStatementJson[] => [
  ...allowed.map(
    ({ actions, resources, condition }): PolicyStatementJson => ({
      Effect: 'Allow',
      Action: [...actions],
      Resource: [...resources],
      ...(condition && { Condition: condition }),
    }),
  ),
  ...refusals.map(
    ({ otherThan, on }): PolicyStatementJson => ({
      Effect: 'Deny',
      NotAction: otherThan,
      Resource: on,
    }),
  ),
];

/**
 * What its boundary says: the most that the role can ever be given. It names each resource once, since a role has one
 * boundary: the catalog's actions, and nothing on anything else. Where actions are on everything, nothing but they.
 */
export const boundaryOf = ({ actions, resources }: RoleStatements): PolicyStatementJson[] => [
  { Effect: 'Allow', Action: actions, Resource: ['*'] },
  resources.includes('*')
    ? { Effect: 'Deny', NotAction: actions, Resource: ['*'] }
    : { Effect: 'Deny', Action: '*', NotResource: resources },
];
