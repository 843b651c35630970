import { serviceControlLayer } from '../../check/service-control-layer.ts';
import type { PolicyLayers } from '../../prove/rules/compile-policies.ts';
import { isWithin, ownPolicy } from '../../questions/satisfiable.ts';
import type { AccountCheck } from '../account-check.ts';

const EVERYTHING = [[ownPolicy([{ Effect: 'Allow', Action: '*', Resource: '*' }])]];

/** Whether everything is allowed, proved. */
const isAdministrator = (layers: PolicyLayers): boolean => isWithin(EVERYTHING, layers);

export const a07Administrator: AccountCheck = {
  id: 'A07',
  severity: 'high',
  title: 'an administrator who is not for emergencies',
  why: 'What is taken over with it is the whole account.',
  remedy: 'Give what is needed; keep one role for emergencies, and watch it.',
  needs: [],
  *run({ users, roles, serviceControl }, { breakGlass }) {
    const limits = serviceControlLayer(serviceControl.flatMap(({ policy }) => policy ?? []));
    for (const { name, policies, boundary, ...rest } of [...users, ...roles]) {
      if (breakGlass.some((pattern) => pattern.test(name))) continue;
      const held = [...policies, ...('groupPolicies' in rest ? rest.groupPolicies : [])];
      const layers = [
        held.flatMap(({ policy }) => policy ?? []),
        ...(boundary?.policy ? [[boundary.policy]] : []),
        ...limits,
      ];
      if (isAdministrator(layers)) yield { subject: name, detail: `${name} may do everything.` };
    }
  },
};
