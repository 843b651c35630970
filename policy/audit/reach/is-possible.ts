import type { Condition, Policy, Statement } from '../../parse/policy-model.ts';
import { ownPolicy, satisfiable } from '../../questions/satisfiable.ts';

const [ANY] = ownPolicy([{ Effect: 'Allow', Action: '*', Resource: '*' }]).statements;

/**
 * Whether statements that are all about one action, one resource and one caller leave any request possible, by their
 * conditions: in every layer something has to allow it, and nothing may deny it. What is not decided counts as possible.
 */
export type IsPossible = (layers: readonly (readonly Statement[])[]) => boolean;

/**
 * Answers each question once. An account of a thousand roles has a million of them and few that differ: what tells roles
 * apart was decided before, and conditions are all that is left.
 */
export function makeIsPossible(isProvable: typeof satisfiable = satisfiable): IsPossible {
  const answers = new Map<string, boolean>();
  const names = new WeakMap<readonly Condition[], string>();
  const short = new Map<string, string>();

  /** A short name of what the conditions say, the same for the same. */
  function nameOf(conditions: readonly Condition[]): string {
    const found = names.get(conditions);
    if (found !== undefined) return found;
    const written = JSON.stringify(
      conditions.map(({ operator, key, values }) => [operator, key, values.map(({ parts }) => parts)]),
    );
    const name = short.get(written) ?? String(short.size);
    short.set(written, name);
    names.set(conditions, name);
    return name;
  }

  return (layers) => {
    const denies = new Map<string, Statement>();
    const limits = new Map<string, ReadonlyMap<string, Statement>>();
    for (const layer of layers) {
      const allows = new Map<string, Statement>();
      let isOpen = false;
      for (const statement of layer) {
        const { effect, conditions } = statement;
        if (effect === 'Allow') {
          if (conditions.length === 0) isOpen = true;
          else allows.set(nameOf(conditions), statement);
        } else if (conditions.length === 0) return false;
        else denies.set(nameOf(conditions), statement);
      }
      if (!isOpen && allows.size === 0) return false;
      if (!isOpen) limits.set([...allows.keys()].sort().join(), allows);
    }
    if (limits.size + denies.size === 0) return true;
    const question = `${[...limits.keys()].sort().join(';')}!${[...denies.keys()].sort().join()}`;
    const before = answers.get(question);
    if (before !== undefined) return before;
    const conditional = [...limits.values()].map((layer) => [...layer.values()]);
    const answer = isProvable(ofAnything(conditional, [...denies.values()])).verdict !== 'within';
    answers.set(question, answer);
    return answer;
  };
}

/** The same statements of any action and resource: which those are makes no difference any more. */
function ofAnything(limits: readonly (readonly Statement[])[], denies: readonly Statement[]): Policy[][] {
  const layers = [...limits, [...(ANY ? [ANY] : []), ...denies]];
  return layers.map((statements) => [
    {
      type: 'identity',
      version: '2012-10-17',
      statements: statements.flatMap(({ effect, conditions }) =>
        ANY ? [{ ...ANY, effect, conditions }] : [],
      ),
    },
  ]);
}
