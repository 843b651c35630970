import type { Intent, WantedAccess } from '../../../../policy/generate/intent.ts';
import type { ModelIntent } from '../intent-schema.ts';
import { findClauses } from './find-clauses.ts';
import { KNOWN_JOBS, VERBS } from './known-jobs.ts';

type ModelAccess = ModelIntent['accesses'][number];

const ONLY_READ =
  /\b(?:only|just)\s+(?:be able to\s+)?(?:read|reads|reading)\b|\bread[- ]only\b|\breading (?:alone|only)\b/i;
const READING = /:(?:Get|BatchGet|List|Query|Scan|Describe|Filter|Receive|Head|BatchCheck)/;
/** What is to be gone: the words behind it, to the end of the clause. */
const WITHOUT = /\b(?:without|drop|remove|no longer|not|never|take away|take out)\b([^.,;]*)/gi;
const UNDER =
  /\b(?:only|just)\s+(?:objects?\s+)?(?:under|below|in|with prefix|the prefix)\s+["'`“]?([\w./=-]+)/i;

const asModel = ({ service, type, name, actions, words }: WantedAccess): ModelAccess => ({
  service,
  resourceType: type ?? null,
  resourceName: name ?? null,
  actions: [...actions],
  words,
  kmsKey: null,
  passedRole: null,
});

/** Actions that a text names, or whose verb it names on that kind of resource. */
function isGone(text: string, { service, resourceType, resourceName }: ModelAccess, action: string): boolean {
  if (text.toLowerCase().includes(action.toLowerCase())) return true;
  if (/\b[a-z0-9-]+:[A-Z]/.test(text)) return false;
  const job = KNOWN_JOBS.find((known) => known.service === service && known.type === resourceType);
  if (!job) return false;
  const isNamed = resourceName !== null && text.includes(resourceName.replace(/[/*]+$/, ''));
  const isOfKind = job.noun.test(text) && findClauses(`read ${text}`).every(({ name }) => name === undefined);
  const verbs = VERBS.filter(([, words]) => words.test(text));
  if (verbs.length === 0) return isNamed || isOfKind;
  const isOther = KNOWN_JOBS.some(({ noun }) => noun.test(text)) && !isNamed && !isOfKind;
  return !isOther && verbs.some(([verb]) => job.actions[verb]?.includes(action));
}

/** An intent as a text changes it: reading only, without something, under a prefix; what else it names is added. */
export function refineOffline(prose: string, before: Intent, added: readonly ModelAccess[]): ModelAccess[] {
  const gone = [...prose.matchAll(WITHOUT)].map(([, text = '']) => text);
  const [, prefix] = UNDER.exec(prose) ?? [];
  const narrowed = before.accesses.map(asModel).flatMap((access): ModelAccess[] => {
    const actions = access.actions
      .filter((action) => !ONLY_READ.test(prose) || READING.test(action))
      .filter((action) => !gone.some((text) => isGone(text, access, action)));
    if (actions.length === 0) return [];
    const isBucket =
      access.service === 's3' && access.resourceType === 'object' && access.resourceName !== null;
    const name =
      isBucket && prefix !== undefined ? underPrefix(access.resourceName ?? '', prefix) : access.resourceName;
    return [{ ...access, actions, resourceName: name }];
  });
  if (ONLY_READ.test(prose) || gone.length > 0 || prefix !== undefined) return narrowed;
  return [...narrowed, ...added];
}

const underPrefix = (name: string, prefix: string): string =>
  `${name.replace(/\/.*$/, '')}/${prefix.replace(/^\/+|\/+$/g, '')}/*`;
