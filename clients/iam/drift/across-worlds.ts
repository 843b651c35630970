/** What is the case in some of a template's deployments, which are named by what its conditions come to. */
export type InWorlds<Found> = { readonly worlds: readonly string[]; readonly found: Found };

/** Which of two it is, only the deployment knows: a case for each. */
export type Depends<Found> = {
  readonly verdict: 'depends';
  readonly cases: readonly (Found & { readonly where: readonly string[] })[];
};

/**
 * One answer where every deployment has the same verdict; else a case for each verdict, with the deployments that have it.
 * Undefined where there is no deployment at all.
 */
export function acrossWorlds<Found extends { readonly verdict: string }>(
  all: readonly InWorlds<Found>[],
): Found | Depends<Found> | undefined {
  const byVerdict = new Map<string, { found: Found; worlds: string[] }>();
  for (const { worlds, found } of all) {
    const before = byVerdict.get(found.verdict);
    byVerdict.set(found.verdict, {
      found: before?.found ?? found,
      worlds: [...(before?.worlds ?? []), ...worlds],
    });
  }
  const cases = [...byVerdict.values()];
  const [only] = cases;
  if (cases.length <= 1) return only?.found;
  return { verdict: 'depends', cases: cases.map(({ found, worlds }) => ({ ...found, where: worlds })) };
}

/** What somebody says of a template's conditions: `IsProd=true`. */
export type Where = ReadonlyMap<string, boolean>;

/** Whether a deployment, by its name, is one of those that are meant. */
export function isMeant(world: string, where: Where): boolean {
  return world.split(' and ').every((part) => {
    const [, name = '', value] = /^(.*) is (true|false)$/s.exec(part) ?? [];
    const wanted = where.get(name);
    return wanted === undefined || wanted === (value === 'true');
  });
}
