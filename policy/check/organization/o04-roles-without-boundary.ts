import { layersOfAction, ownPolicy, satisfiable } from '../../questions/satisfiable.ts';
import type { Check } from '../check.ts';

/** What gives a new role or user something. */
const GIVES = ['iam:AttachRolePolicy', 'iam:PutRolePolicy', 'iam:AttachUserPolicy', 'iam:PutUserPolicy'];

const WITHOUT_BOUNDARY = ownPolicy([
  { Effect: 'Allow', Action: '*', Resource: '*', Condition: { Null: { 'iam:PermissionsBoundary': 'true' } } },
]);

export const o04RolesWithoutBoundary: Check = {
  id: 'O04',
  severity: 'high',
  title: 'roles can be made without a boundary',
  why: 'Who may make a role and give it policies can make one that may do more than its maker.',
  remedy: 'Allow iam:CreateRole and iam:CreateUser only under StringEquals on iam:PermissionsBoundary.',
  types: ['identity'],
  *run({ policy, around: { limits = [] } }) {
    const layers = [[policy], ...limits];
    for (const action of ['iam:CreateRole', 'iam:CreateUser']) {
      const about = layersOfAction(layers, action);
      if (!about || !GIVES.some((other) => layersOfAction(layers, other))) continue;
      const answer = satisfiable([...about, [WITHOUT_BOUNDARY]]);
      if (answer.verdict !== 'wider') continue;
      yield {
        path: '',
        detail: `${action} is allowed without a permissions boundary.`,
        request: answer.request,
      };
      return;
    }
  },
};
