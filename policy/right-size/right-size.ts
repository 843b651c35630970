import type { SeenCall } from '../account/account.ts';
import type { ActionUse } from '../audit/uses-of.ts';
import { hasWildcard, isStar, matchedActions, partsOfAction } from '../check/matched-actions.ts';
import type { IamData } from '../data/iam-data.ts';
import type { Pattern, Policy, Statement } from '../parse/policy-model.ts';
import { readPattern } from '../parse/read-pattern.ts';
import { makeReference, prove } from '../prove/prove.ts';
import { isWithin, layersOfAction } from '../questions/satisfiable.ts';
import { type Replayed, replayCalls } from './replay-calls.ts';

export type RightSized = {
  readonly policies: readonly Policy[];
  /** What was taken out, as it was written. */
  readonly removed: readonly string[];
  readonly replayed: Replayed;
};

/** Why nothing is suggested, though something is unused: what cannot be proved is not printed. */
export type NotSized = { readonly whyNot: string };

/** Policies beside those that are sized: a user's groups allow too, and stay as they are. */
type Around = { readonly others?: readonly Policy[]; readonly calls?: readonly SeenCall[] };

/**
 * Policies without the actions that are known to be unused. What is not knowable stays, and so does what is granted by
 * `*` or NotAction, which no list of uses covers. Undefined where nothing can be taken out. It is proved that the result
 * is within what there was, and that it still allows every action that was used as it was allowed; and every allowed
 * call that was seen is replayed.
 */
export function rightSize(
  policies: readonly Policy[],
  uses: readonly ActionUse[],
  data: IamData,
  { others = [], calls = [] }: Around = {},
): RightSized | NotSized | undefined {
  const unused = new Set(
    uses.filter(({ state }) => state === 'unused').map(({ what }) => what.toLowerCase()),
  );
  const removed: string[] = [];
  const sized = policies.map((policy) => ({
    ...policy,
    statements: policy.statements.flatMap((statement) => withoutUnused(statement, unused, removed, data)),
  }));
  if (removed.length === 0) return undefined;
  if (prove([sized], makeReference([policies])).verdict !== 'within')
    return { whyNot: 'it could not be proved that the result is within what there is' };
  const allowed = calls.filter(({ isAllowed }) => isAllowed);
  const used = new Set([
    ...uses.filter(({ state }) => state === 'used').map(({ what }) => what),
    ...allowed.map(({ what }) => what),
  ]);
  const lost = [...used].find(
    (action) => !isAllowedAsBefore([...policies, ...others], [...sized, ...others], action),
  );
  if (lost !== undefined)
    return { whyNot: `it could not be proved that ${lost}, which was used, stays allowed as it was` };
  const replayed = replayCalls(allowed, [...policies, ...others], [...sized, ...others], data);
  return 'lost' in replayed
    ? { whyNot: `a call of ${replayed.lost}, which was allowed, would not be any more` }
    : { policies: sized, removed, replayed };
}

function withoutUnused(
  statement: Statement,
  unused: ReadonlySet<string>,
  removed: string[],
  data: IamData,
): Statement[] {
  const { effect, actions } = statement;
  if (effect !== 'Allow' || actions.negated) return [statement];
  const items = actions.items.flatMap((item) => stillNeeded(item, unused, removed, data));
  return items.length === 0 ? [] : [{ ...statement, actions: { ...actions, items } }];
}

/** The item, nothing, or those of its actions that are not known to be unused. */
function stillNeeded(
  item: Pattern,
  unused: ReadonlySet<string>,
  removed: string[],
  data: IamData,
): Pattern[] {
  const service = partsOfAction(item)?.service;
  if (isStar(item) || service === undefined) return [item];
  if (unused.has(service)) {
    removed.push(item.text);
    return [];
  }
  const matched = matchedActions(data, item).map(({ name }) => name);
  const left = matched.filter((name) => !unused.has(name.toLowerCase()));
  if (left.length === matched.length) return [item];
  removed.push(...matched.filter((name) => unused.has(name.toLowerCase())));
  if (!hasWildcard(item)) return [];
  return left.flatMap((name) => readPattern(name, '2008-10-17', undefined) ?? []);
}

/** Whether what was allowed of one action still is. */
function isAllowedAsBefore(before: readonly Policy[], after: readonly Policy[], action: string): boolean {
  if (!action.includes(':')) return true;
  const [was, now] = [layersOfAction([before], action), layersOfAction([after], action)];
  return was === undefined || (now !== undefined && isWithin(was, now));
}

/** A policy as a document, its statements in a list. */
export function documentOfPolicy({ version, statements }: Policy): object {
  return { Version: version, Statement: statements.map(documentOfStatement) };
}

const oneOrMany = (patterns: readonly Pattern[]): string | string[] => {
  const texts = patterns.map(({ text }) => text);
  return texts.length === 1 ? (texts[0] as string) : texts;
};

function documentOfStatement({ sid, effect, actions, resources, conditions }: Statement): object {
  const condition: Record<string, Record<string, unknown>> = {};
  for (const { operator, key, values } of conditions) {
    const { name, quantifier, ifExists } = operator;
    const written = `${quantifier ? `${quantifier}:` : ''}${name}${ifExists ? 'IfExists' : ''}`;
    condition[written] = { ...condition[written], [key]: oneOrMany(values) };
  }
  return {
    ...(sid && { Sid: sid }),
    Effect: effect,
    [actions.negated ? 'NotAction' : 'Action']: oneOrMany(actions.items),
    ...(resources && { [resources.negated ? 'NotResource' : 'Resource']: oneOrMany(resources.items) }),
    ...(conditions.length > 0 && { Condition: condition }),
  };
}
