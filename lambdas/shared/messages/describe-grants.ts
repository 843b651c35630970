import { accessLevelOf, accessLevelSchema } from '../domain/catalog/catalog.ts';
import type { Grant } from '../domain/review.ts';
import { visibleText } from '../domain/text/show-hostile-text.ts';
import type { MessageContent, Wording } from './message-content.ts';

/** `30 min`, `1 h`, `1 h 30 min`. */
export function durationInWords(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return [hours > 0 ? `${hours} h` : '', rest > 0 || hours === 0 ? `${rest} min` : '']
    .filter(Boolean)
    .join(' ');
}

/** `dynamodb:GetItem` is `GetItem` to people. */
export const actionInWords = (action: string): string => action.slice(action.indexOf(':') + 1);

/** The highest access level among a grant's actions: what it comes to. */
function levelOf(grant: Grant, { catalog }: Wording): string {
  const resource = catalog.get(grant.resource);
  const levels = grant.actions.map((action) => (resource ? accessLevelOf(resource, action) : undefined));
  return [...accessLevelSchema.options].reverse().find((level) => levels.includes(level)) ?? 'use';
}

/** `READ bank_balances and WRITE support_requests`: made from the grants, and from nothing that anybody wrote. */
export function grantsInShort(grants: readonly Grant[], wording: Wording): string {
  const byLevel = new Map<string, string[]>();
  for (const grant of grants) {
    const level = levelOf(grant, wording).toUpperCase();
    byLevel.set(level, [...(byLevel.get(level) ?? []), grant.resource]);
  }
  return [...byLevel].map(([level, resources]) => `${level} ${resources.join(', ')}`).join(' and ');
}

/** Whose rows a grant reaches: the subject's own, or everybody's. */
export function rowsInWords(resource: string, content: Pick<MessageContent, 'row' | 'wording'>): string {
  const { subjectScoped } = content.wording.catalog.get(resource) ?? {};
  return subjectScoped && content.row.subject ? `${visibleText(content.row.subject.id)}'s rows` : resource;
}

/** What people expect to be told is not in it: other subjects, and the grantable actions that were not asked for. */
export function notGranted(
  grants: readonly Grant[],
  { row, wording }: Pick<MessageContent, 'row' | 'wording'>,
): string[] {
  const scoped = grants.some(({ resource }) => wording.catalog.get(resource)?.subjectScoped);
  const granted = new Set(grants.flatMap(({ actions }) => actions));
  const onTables = [...granted].some((action) => action.startsWith('dynamodb:'));
  const usual = onTables
    ? ['dynamodb:Scan', 'dynamodb:UpdateItem', 'dynamodb:PutItem', 'dynamodb:DeleteItem']
    : [];
  return [
    ...(scoped && row.subject ? ['other customers'] : []),
    ...usual.filter((action) => !granted.has(action)).map(actionInWords),
    'any other resource',
  ];
}
