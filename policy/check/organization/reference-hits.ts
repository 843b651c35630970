import { makeReference, prove } from '../../prove/prove.ts';
import type { Subject, Surroundings } from '../check.ts';
import type { Hit } from '../finding.ts';

type Use =
  NonNullable<Surroundings['references']> extends ReadonlyMap<string, infer Value>
    ? Value extends { as: infer As }
      ? As
      : never
    : never;

/** What a policy opens beyond the references that were given for one use. What cannot be proved is said too. */
export function* hitsBeyond({ policy, around: { references } }: Subject, use: Use): Generator<Hit> {
  for (const [name, reference] of references ?? []) {
    if (reference.as !== use) continue;
    const answer = prove([[policy]], makeReference([[reference.policy]]));
    if (answer.verdict === 'wider')
      yield {
        path: '',
        detail: `It allows ${answer.request.action} on ${answer.request.resource}, and ${name} does not.`,
        request: answer.request,
      };
    if (answer.verdict === 'unknown')
      yield {
        path: '',
        severity: 'medium',
        detail: `Whether it is within ${name} is not known: ${answer.why}.`,
      };
  }
}
