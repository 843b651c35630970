import type { Tags } from 'yaml';

/** Functions that CloudFormation lets stand as tags; `!Ref` and `!Condition` have no `Fn::` before their names. */
const FUNCTIONS =
  'Base64 Cidr FindInMap GetAZs GetAtt If ImportValue Join Length Select Split Sub ToJsonString Transform And Equals Not Or ForEach'.split(
    ' ',
  );
const BARE = ['Ref', 'Condition'];

const call = (name: string, argument: unknown): object => ({
  [BARE.includes(name) ? name : `Fn::${name}`]: argument,
});

/** Each function as a tag of a text, of a list and of an object. */
const tagsOf = (YAML: typeof import('yaml')): Tags =>
  [...FUNCTIONS, ...BARE].flatMap((name) => [
    { tag: `!${name}`, resolve: (text: string) => call(name, text) },
    { tag: `!${name}`, collection: 'seq' as const, resolve: (list) => toValue(YAML, list, name) },
    { tag: `!${name}`, collection: 'map' as const, resolve: (map) => toValue(YAML, map, name) },
  ]) as Tags;

/** The function's argument, in which further functions may stand. */
function toValue(YAML: typeof import('yaml'), node: unknown, name: string) {
  const document = new YAML.Document(undefined);
  document.contents = node as never;
  return document.createNode(call(name, document.toJS({ maxAliasCount: 100 })));
}

/**
 * A template that is written as YAML, with its functions as JSON has them; undefined where it is none. The reader is
 * loaded when it is needed. Aliases are bounded: a short text cannot become a large one.
 */
export async function readYamlTemplate(text: string): Promise<unknown> {
  const YAML = await import('yaml');
  try {
    const document = YAML.parseDocument(text, { customTags: tagsOf(YAML), merge: true, uniqueKeys: true });
    return document.errors.length > 0 ? undefined : document.toJS({ maxAliasCount: 100 });
  } catch {
    // Aliases beyond the bound, or a function with an argument that it does not take.
    return undefined;
  }
}
