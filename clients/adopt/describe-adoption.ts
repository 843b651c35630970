import { visibleText } from '../../lambdas/shared/domain/text/show-hostile-text.ts';
import type { Adopted, DirectUse, Quietness } from './uses-of.ts';
import type { WrittenAdoption } from './write-adopted.ts';

const dayOf = (date: Date): string => date.toISOString().slice(0, 10);
const useOf = ({ what, last }: DirectUse): string => `${visibleText(what)}, on ${dayOf(last)}`;

/** What was written, what somebody has to look at, and how it goes on. */
export function describeAdoption(
  name: string,
  folder: string,
  { files, entries, leftOut, id, group }: WrittenAdoption,
): string {
  const [catalog = '', guardrails = ''] = files.map((file) => visibleText(file));
  return [
    `${visibleText(name)} as the principal ${id}, in the group ${group}, with ${entries} entries. Next:`,
    `  1. look at ${catalog} and ${guardrails}, put them into config/, run: npm run guardrails -- check; deploy`,
    `  2. look at the rest of it, and propose it: postern apply ${visibleText(folder)} --reason "…"`,
    '  3. have its job ask the broker, with the keys that it has',
    `  4. collect the account again, and once postern adopt ${visibleText(name)} --in-use says quiet, leave it no policy but the one that calls the broker`,
    ...leftOut.map(
      ({ action, resource, why }) =>
        `  left out: ${visibleText(`${action}${resource ? ` on ${resource}` : ''}: ${why}`)}`,
    ),
  ].join('\n');
}

/** When the keys themselves were last used, which asking the broker counts as. */
function keysOf(principal: Adopted): string[] {
  if ('trust' in principal)
    return principal.lastUsed ? [`  the role was last assumed or used on ${dayOf(principal.lastUsed)}`] : [];
  return (principal.credentials?.keys ?? [])
    .filter(({ isActive }) => isActive)
    .map(({ lastUsed }) =>
      lastUsed ? `  an active key, last used on ${dayOf(lastUsed)}` : '  an active key that was never used',
    );
}

/** At most so many uses are named. */
const MOST_USES = 10;

/** Whether keys have gone quiet, in words. */
export function describeQuietness(
  name: string,
  principal: Adopted,
  quietness: Quietness,
  days: number,
): string {
  const keys = keysOf(principal);
  if (quietness.state === 'unknown') return [`not known of ${name}: ${quietness.why}`, ...keys].join('\n');
  if (quietness.state === 'quiet') {
    const before = quietness.last ? `last ${useOf(quietness.last)}` : 'nothing else is known of it';
    return [
      `quiet: ${name} did nothing but ask the broker for ${days} days; ${before}`,
      ...keys,
      '  leave it no policy but the one that calls the broker',
    ].join('\n');
  }
  const { uses } = quietness;
  return [
    `in use: ${name} still calls AWS past the broker`,
    ...uses.slice(0, MOST_USES).map((use) => `  ${useOf(use)}`),
    ...(uses.length > MOST_USES ? [`  and ${uses.length - MOST_USES} more`] : []),
    ...keys,
  ].join('\n');
}
