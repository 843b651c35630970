/** A kind of resource, as IAM knows it. */
export type Kind = { readonly type: string; readonly template: string };

/** A name taken apart by the ARN of its kind. */
export type ReadName = {
  /** By placeholder: `BucketName`. */
  readonly values: Readonly<Record<string, string>>;
  /** Where a whole ARN was given. */
  readonly place?: { readonly partition: string; readonly region: string; readonly account: string };
};

/** The last part of an ARN, which names the resource. */
export const tailOf = (template: string): string => template.split(':').slice(5).join(':');

/** The placeholders of a kind's own names, in their order. */
export const placeholdersOf = (template: string): string[] =>
  [...tailOf(template).matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name);

/** What names may hold: no control characters, no spaces, nothing that IAM takes for a variable or a wildcard within. */
const NAME = /^[\w./:@+=#,-]+(?:\/?\*)?$|^\*$/;
const MOST_CHARACTERS = 512;

/** Whether a text can be a resource's name: a star stands alone, or at the end. */
export const isName = (text: string): boolean =>
  text.length > 0 && text.length <= MOST_CHARACTERS && NAME.test(text) && !/(?:^|\/)\.\.?(?:\/|$)/.test(text);

/**
 * A name by its kind: of `reports/2026/*`, an object, the bucket and the key. What a name does not reach to is left out:
 * a bucket's name alone means every object in it. Undefined where it is none.
 */
export function readName(name: string, { template }: Kind): ReadName | undefined {
  if (!isName(name)) return undefined;
  // There is one of it alone, whatever it is called.
  if (placeholdersOf(template).length === 0) return { values: {} };
  if (!name.startsWith('arn:')) {
    const values = valuesOf(name, tailOf(template));
    return values && { values };
  }
  const [, partition = '', service, region = '', account = '', ...rest] = name.split(':');
  const [, , wanted, wantedRegion = '', wantedAccount = ''] = template.split(':');
  const hasPlace = (part: string, place: string) => (place === '' ? part === '' : part !== '');
  if (service !== wanted || !hasPlace(region, wantedRegion) || !hasPlace(account, wantedAccount))
    return undefined;
  const tail = rest.join(':');
  const [start = ''] = tailOf(template).split('${');
  const values = tail.startsWith(start) ? valuesOf(tail, tailOf(template)) : undefined;
  return values && { values, place: { partition, region, account } };
}

function valuesOf(name: string, tail: string): Record<string, string> | undefined {
  const [start = '', ...pieces] = tail.split(/\$\{(\w+)\}/);
  let rest = name.startsWith(start) ? name.slice(start.length) : name;
  // Parameters are written with the slash that their ARN has already.
  if (start.endsWith('/') && rest.startsWith('/')) rest = rest.slice(1);
  if (rest === '') return undefined;
  const values: Record<string, string> = {};
  for (let nth = 0; nth < pieces.length && rest !== ''; nth += 2) {
    const [placeholder = '', separator = ''] = pieces.slice(nth, nth + 2);
    const end = separator === '' ? -1 : rest.indexOf(separator);
    const value = end < 0 ? rest : rest.slice(0, end);
    if (value === '') return undefined;
    values[placeholder] = value;
    rest = end < 0 ? '' : rest.slice(end + separator.length);
  }
  return rest === '' ? values : undefined;
}

/** An ARN of a kind, with `*` for what is not known of its name. */
export function fillArn(
  template: string,
  values: Readonly<Record<string, string>>,
  place: { readonly partition: string; readonly region: string; readonly account: string },
): string {
  const known: Readonly<Record<string, string>> = {
    ...values,
    Partition: place.partition,
    Region: place.region,
    Account: place.account,
  };
  return template.replace(/\$\{(\w+)\}/g, (_, name: string) => known[name] ?? '*');
}
