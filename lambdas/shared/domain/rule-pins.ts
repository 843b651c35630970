import * as z from 'zod';
import { accessLevelOf } from './catalog/catalog.ts';
import type { ResolvedGrant } from './catalog/resolve-grants.ts';
import { digestOf } from './digest.ts';
import type { Guardrails } from './guardrails/guardrails.ts';
import type { Principal } from './principal.ts';

/**
 * The rules that one decision touched. An edit of any other rule, deployed while a request is open, does not end the
 * request.
 */
export const rulePinsSchema = z.object({
  /** Digests of the catalog's entries, by key. */
  entries: z.record(z.string(), z.string()),
  /** Of the guardrails that could have a say. */
  guardrails: z.string(),
  /** Of the whole file, for steps that do not evaluate guardrails. */
  guardrailsFile: z.string(),
});
export type RulePins = z.infer<typeof rulePinsSchema>;

type Rules = {
  readonly guardrails: Guardrails;
  readonly digests: { readonly guardrails: string };
};

/** Pins what decides on these grants, for this principal. */
export function pinRules(
  principal: Principal,
  grants: readonly ResolvedGrant[],
  { guardrails, digests }: Rules,
): RulePins {
  const wanted = grants.flatMap(({ resource, actions }) =>
    actions.map((action) => ({ resource: resource.key, action, level: accessLevelOf(resource, action) })),
  );
  return {
    entries: Object.fromEntries(grants.map(({ resource }) => [resource.key, digestOf(resource)])),
    guardrails: guardrails.digestFor?.(principal, wanted) ?? digests.guardrails,
    guardrailsFile: digests.guardrails,
  };
}

/** Entries that are not what was pinned, by key. */
export const changedEntries = (pinned: RulePins['entries'], now: RulePins['entries']): string[] =>
  Object.keys(pinned).filter((key) => pinned[key] !== now[key]);
