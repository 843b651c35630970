import type { SeenCall } from '../account/account.ts';
import { BUCKET } from '../check/names/may-share.ts';
import { actionFacts, type IamData } from '../data/iam-data.ts';
import { evaluate } from '../evaluate/evaluate.ts';
import { matchWildcards } from '../evaluate/match-wildcards.ts';
import type { Policy } from '../parse/policy-model.ts';

/** What was replayed: allowed calls, and of how many kinds. */
export type Replayed = {
  readonly calls: number;
  readonly kinds: number;
  /** Kinds that the policies allow by what the event tells: they were evaluated before and after. */
  readonly evaluated: number;
  /**
   * Kinds that they do not allow by that alone: a condition asks for what no event tells, the event names no resource,
   * or a resource's own policy let it through. For these it is the proof, over all requests of the action, that counts.
   */
  readonly proved: number;
};

/** Evaluates every kind of allowed call under the policies as they are and as they would be. */
export function replayCalls(
  calls: readonly SeenCall[],
  before: readonly Policy[],
  after: readonly Policy[],
  data: IamData,
): Replayed | { readonly lost: string } {
  let [events, evaluated] = [0, 0];
  for (const call of calls) {
    events += call.count;
    const resources = resourcesOf(call, data);
    const allows = (identity: readonly Policy[]) => (resource: string) =>
      evaluate(requestOf(call, resource), { identity }).outcome === 'allowed';
    const allowed = resources.filter(allows(before));
    if (!allowed.every(allows(after))) return { lost: call.what };
    if (resources.length > 0 && allowed.length === resources.length) evaluated += 1;
  }
  return { calls: events, kinds: calls.length, evaluated, proved: calls.length - evaluated };
}

/** What of an event's resources the action is about: events name the bucket beside the object. */
function resourcesOf({ what, resources }: SeenCall, data: IamData): readonly string[] {
  const facts = actionFacts(data, what);
  if (!facts) return [];
  if (facts.resources.length === 0) return ['*'];
  return resources.filter((arn) => facts.resources.some((kind) => isOfKind(kind.arn, arn)));
}

/** A bucket's name has no slash: what has one is an object. */
const isOfKind = (pattern: string, arn: string): boolean =>
  !(pattern === BUCKET && arn.includes('/')) && matchWildcards(partsOf(pattern), arn);

const partsOf = (pattern: string) =>
  pattern
    .split(/(\*)/)
    .filter((text) => text !== '')
    .map((text) => (text === '*' ? ({ kind: 'many' } as const) : ({ kind: 'literal', text } as const)));

/** What an event tells of a request. */
function requestOf({ principal, what, region, last }: SeenCall, resource: string) {
  const account = principal.split(':')[4] ?? '';
  return {
    principal: { kind: 'aws', arn: principal } as const,
    action: what,
    resource,
    resourceAccountId: resource.split(':')[4] || account,
    context: {
      'aws:PrincipalArn': principal,
      'aws:PrincipalAccount': account,
      'aws:CurrentTime': last.toISOString(),
      'aws:EpochTime': String(Math.floor(last.getTime() / 1000)),
      'aws:SecureTransport': 'true',
      ...(region !== '' && { 'aws:RequestedRegion': region }),
    },
  };
}
