import { remember } from '../../../lambdas/shared/domain/remember.ts';

/** Where a call is made: what its ARNs begin with. */
export type Place = { readonly partition: string; readonly region: string; readonly account: string };

const PLACEHOLDER = /\$\{(\w+)\}/g;
const FIXED = new Set(['Partition', 'Region', 'Account']);

/** The placeholders of an ARN's template that a call must say. */
export const openPlaceholders: (template: string) => readonly string[] = remember(
  5000,
  (template: string) => template,
  (template: string) =>
    [...template.matchAll(PLACEHOLDER)].map(([, name = '']) => name).filter((name) => !FIXED.has(name)),
);

/** The ARN of a template, with what stands in each open placeholder. */
export const fillTemplate = (
  template: string,
  place: Place,
  textOf: (placeholder: string) => string,
): string =>
  template.replace(PLACEHOLDER, (_, name: string) => {
    if (name === 'Partition') return place.partition;
    if (name === 'Region') return place.region;
    return name === 'Account' ? place.account : textOf(name);
  });

const forms = new Map<string, RegExp>();

/** A template as an expression; `inner` is what each of its placeholders may be. */
function formOf(template: string, inner: string): RegExp {
  const key = `${inner} ${template}`;
  const known = forms.get(key);
  if (known) return known;
  const source = template
    .split(PLACEHOLDER)
    .map((part, index) => (index % 2 === 0 ? part.replace(/[.*+?^$()|[\]\\{}]/g, '\\$&') : inner));
  const form = new RegExp(`^${source.join('')}$`);
  forms.set(key, form);
  return form;
}

/** Whether an ARN could be of a template, if anything may stand in its placeholders. */
export const couldBe = (template: string, arn: string): boolean => formOf(template, '(?:.*)').test(arn);

/** Whether a text is an ARN of a template, without wildcards, and of nothing longer. */
export const isArnOf = (template: string, text: string): boolean =>
  text.length <= 2048 && text.startsWith('arn:') && formOf(template, '(?:[^:*?\\s]+)').test(text);

/** What an ARN says of each placeholder of its template; undefined where it is of another. */
export function readArn(template: string, arn: string): ReadonlyMap<string, string> | undefined {
  if (arn.length > 2048) return undefined;
  const found = formOf(template, '([^:/*?\\s]+)').exec(arn);
  const names = [...template.matchAll(PLACEHOLDER)].map(([, name = '']) => name);
  return found ? new Map(names.map((name, index) => [name, found[index + 1] ?? ''])) : undefined;
}
