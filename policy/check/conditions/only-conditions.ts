import type { Policy, Statement } from '../../parse/policy-model.ts';
import { ownPolicy } from '../../questions/satisfiable.ts';

const [everything] = ownPolicy([{ Effect: 'Allow', Action: '*', Resource: '*' }]).statements;

/** A policy that allows everything under these conditions of a statement. */
export function onlyConditions(conditions: Statement['conditions']): Policy {
  if (!everything) throw new Error('there is one statement');
  return { type: 'identity', version: '2012-10-17', statements: [{ ...everything, conditions }] };
}
