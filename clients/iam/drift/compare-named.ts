import { basename } from 'node:path';
import type { IamData } from '../../../policy/data/iam-data.ts';
import { comparePolicies, type Drift } from '../../../policy/drift/compare-policies.ts';
import { parseNode, parsePolicy } from '../../../policy/parse/parse-policy.ts';
import type { Policy } from '../../../policy/parse/policy-model.ts';
import { scorePolicies } from '../../../policy/score/score-policies.ts';
import { PosternError } from '../../sdk/postern-error.ts';
import type { FoundPolicy, Unread, Worlds } from '../inputs/named-policy.ts';
import { type Inputs, readInputs } from '../inputs/read-inputs.ts';
import { acrossWorlds, type Depends, isMeant, type Where } from './across-worlds.ts';
import { refuseUnknown } from './read-where.ts';

export type Found = Drift | { readonly verdict: 'not committed' | 'not deployed' | 'within' };
export type Compared = { readonly name: string; readonly score?: number } & (Found | Depends<Found>);

const refused = (detail: string): PosternError => new PosternError({ code: 'invalid_policy', detail });

function policyOf({ name, type, text, root }: FoundPolicy): Policy {
  const read = root ? parseNode(root, type) : parsePolicy(text ?? '', type);
  if (read.ok) return read.policy;
  const [{ code, path }] = read.refusals;
  throw new PosternError({
    code: 'invalid_policy',
    detail: `${name} is no ${type} policy: ${code} at ${path}`,
  });
}

/** One of the policies that a place may have, and the deployments of a template in which it does. */
type Variant = { readonly policy: Policy; readonly worlds: Worlds | undefined };

/** Policies by the name that they have on both sides: the file's own, and the part of a template. */
function named({ found }: Inputs): ReadonlyMap<string, readonly Variant[]> {
  const policies = new Map<string, Variant[]>();
  for (const entry of found) {
    const name = `${basename(entry.file)}${entry.name.slice(entry.file.length)}`;
    const before = policies.get(name) ?? [];
    const isAnother = before.some(({ worlds }) => !areApart(worlds, entry.worlds));
    if (isAnother) throw refused(`There are two policies named ${name} on one side.`);
    policies.set(name, [...before, { policy: policyOf(entry), worlds: entry.worlds }]);
  }
  return policies;
}

/** Whether two stand in one place in turn: never in the same deployment. */
const areApart = (first: Worlds | undefined, other: Worlds | undefined): boolean =>
  first !== undefined && other !== undefined && !first.there.some((world) => other.there.includes(world));

const conditionsIn = (world: string): string[] =>
  world.split(' and ').map((part) => part.replace(/ is (?:true|false)$/, ''));

/** What stands in a place, deployment by deployment; undefined where nothing does. */
function inEachWorld(
  variants: readonly Variant[],
  where: Where,
): { world: string; policy: Policy | undefined }[] {
  const [first] = variants;
  if (!first?.worlds) return [{ world: '', policy: first?.policy }];
  return first.worlds.all
    .filter((world) => isMeant(world, where))
    .map((world) => ({
      world,
      policy: variants.find(({ worlds }) => worlds?.there.includes(world))?.policy,
    }));
}

/** Holds policies of files against those of others, by their names. Throws `invalid_policy`. */
export async function compareNamed(
  files: { readonly deployed: readonly string[]; readonly committed: readonly string[] },
  where: Where,
  data: IamData,
): Promise<{ readonly compared: readonly Compared[]; readonly unread: readonly Unread[] }> {
  const sides = [await readInputs(files.deployed), await readInputs(files.committed)] as const;
  const [deployed, committed] = [named(sides[0]), named(sides[1])];
  return {
    compared: compare(deployed, committed, where, data),
    unread: sides.flatMap(({ unread }) => unread),
  };
}

function compare(
  deployed: ReadonlyMap<string, readonly Variant[]>,
  committed: ReadonlyMap<string, readonly Variant[]>,
  where: Where,
  data: IamData,
): Compared[] {
  const worlds = [...deployed.values(), ...committed.values()]
    .flat()
    .flatMap(({ worlds: own }) => own?.all ?? []);
  refuseUnknown(where, new Set(worlds.flatMap(conditionsIn)));
  // One of each is a pair, whatever their names.
  const [[onlyDeployed], [onlyCommitted]] = [[...deployed], [...committed]];
  if (deployed.size === 1 && committed.size === 1 && onlyDeployed && onlyCommitted)
    return [{ name: onlyDeployed[0], ...comparePlace(onlyDeployed[1], onlyCommitted[1], where, data) }];
  return [...new Set([...deployed.keys(), ...committed.keys()])].sort().map((name): Compared => {
    const [own, other] = [deployed.get(name) ?? [], committed.get(name) ?? []];
    return { name, ...comparePlace(own, other, where, data) };
  });
}

/** Compares what stands in one place, in every deployment that the conditions of either side tell apart. */
function comparePlace(
  deployed: readonly Variant[],
  committed: readonly Variant[],
  where: Where,
  { known }: IamData,
): (Found | Depends<Found>) & { readonly score?: number } {
  const [own, others] = [inEachWorld(deployed, where), inEachWorld(committed, where)];
  const areAlike = own.map(({ world }) => world).join('\n') === others.map(({ world }) => world).join('\n');
  const pairs = own.flatMap((entry) =>
    others
      // The same conditions come to the same on both sides.
      .filter((other) => !areAlike || other.world === entry.world)
      .map((other) => ({
        worlds: [[...new Set([entry.world, other.world])].filter((world) => world !== '').join(' and ')],
        found: compareTwo(entry.policy, other.policy, known),
      })),
  );
  const there = pairs.filter(({ found }) => found !== undefined) as { worlds: string[]; found: Found }[];
  const verdict = acrossWorlds<Found>(there) ?? { verdict: 'not deployed' };
  const scores = own.flatMap(({ policy }) => (policy ? [scored(policy)] : []));
  return {
    ...verdict,
    ...(scores.length > 0 && !scores.includes(undefined) && { score: Math.min(...(scores as number[])) }),
  };
}

function compareTwo(
  deployed: Policy | undefined,
  committed: Policy | undefined,
  known: IamData['known'],
): Found | undefined {
  if (deployed && committed) return comparePolicies(deployed, committed, known);
  if (deployed) return { verdict: 'not committed' };
  return committed && { verdict: 'not deployed' };
}

const scored = (policy: Policy): number | undefined => scorePolicies([[policy]], policy.type);
