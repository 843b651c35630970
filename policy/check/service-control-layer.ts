import { groupBy } from '../group-by.ts';
import type { Policy } from '../parse/policy-model.ts';
import { ownPolicy } from '../questions/satisfiable.ts';

/** AWS attaches this one everywhere until somebody takes it away. */
const FULL_ACCESS = ownPolicy([{ Effect: 'Allow', Action: '*', Resource: '*' }], 'scp');

/**
 * Service control policies as one layer. At which level of an organisation each is attached is not known: so what one
 * of them allows counts as allowed, and every Deny counts. Where none allows anything, AWS's FullAWSAccess is beside
 * them: without it nobody in the account could do anything at all.
 */
export function serviceControlLayer(policies: readonly Policy[]): readonly (readonly Policy[])[] {
  if (policies.length === 0) return [];
  const allows = policies.some(({ statements }) => statements.some(({ effect }) => effect === 'Allow'));
  return [allows ? policies : [...policies, FULL_ACCESS]];
}

type Attached = { readonly policy?: Policy; readonly level?: string };

/**
 * Service control policies as they limit: where it is known what each is attached to, every level limits by itself, and
 * one on which nothing is allowed allows nothing. A policy that cannot be read is left out: whoever tells of it says so.
 */
export function serviceControlLevels(attached: readonly Attached[]): readonly (readonly Policy[])[] {
  if (attached.some(({ level }) => level === undefined))
    return serviceControlLayer(attached.flatMap(({ policy }) => policy ?? []));
  const levels = groupBy(attached, ({ level }) => level);
  return [...levels.values()].map((level) => level.flatMap(({ policy }) => policy ?? []));
}
