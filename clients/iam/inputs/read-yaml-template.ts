import { Document, parseDocument, type Tags } from 'yaml';

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
const TAGS = [...FUNCTIONS, ...BARE].flatMap((name) => [
  { tag: `!${name}`, resolve: (text: string) => call(name, text) },
  { tag: `!${name}`, collection: 'seq' as const, resolve: (list: unknown) => toValue(list, name) },
  { tag: `!${name}`, collection: 'map' as const, resolve: (map: unknown) => toValue(map, name) },
]) as Tags;

/** The function's argument, in which further functions may stand. */
function toValue(node: unknown, name: string) {
  const document = new Document(undefined);
  document.contents = node as never;
  return document.createNode(call(name, document.toJS({ maxAliasCount: 100 })));
}

/** Where a text stops being YAML, in a few words. */
export function problemOfYaml(text: string): string {
  const [first] = parseDocument(text, { customTags: TAGS, merge: true, uniqueKeys: true }).errors;
  const [place] = first?.linePos ?? [];
  return place
    ? `is no YAML at line ${place.line}, column ${place.col}`
    : 'is YAML with aliases that stand for too much';
}

/**
 * A template that is written as YAML, with its functions as JSON has them; undefined where it is none. Aliases are
 * bounded: a short text cannot become a large one.
 */
export function readYamlTemplate(text: string): unknown {
  try {
    const document = parseDocument(text, { customTags: TAGS, merge: true, uniqueKeys: true });
    return document.errors.length > 0 ? undefined : document.toJS({ maxAliasCount: 100 });
  } catch {
    // Aliases beyond the bound, or a function with an argument that it does not take.
    return undefined;
  }
}
