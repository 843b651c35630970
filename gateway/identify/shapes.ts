/**
 * What a shape's value is: `s`tring, `i`nteger, `f`loat, `t`ime, `b`oolean, `x` bytes, `X` a stream of them, `e` a stream
 * of events, `d` a document of any form; or the place of a shape that has members.
 */
export type Target = string | number;

/** A member of a structure. */
export type ShapeMember = {
  readonly name: string;
  readonly target: Target;
  readonly isSensitive: boolean;
  /** A list or a map without an element of its own in XML. */
  readonly isFlattened: boolean;
  /** Where it stands: a `h`eader, `H`eaders by prefix, the whole `P`ayload, an XML `a`ttribute, else the body. */
  readonly place: string;
  readonly wire: string;
};

export type StructureShape = { readonly kind: 'structure'; readonly members: readonly ShapeMember[] };
export type ListShape = {
  readonly kind: 'list';
  readonly target: Target;
  readonly isSensitive: boolean;
  /** The name of an element, where the model says one. */
  readonly wire: string | undefined;
};
export type MapShape = {
  readonly kind: 'map';
  readonly target: Target;
  readonly isSensitive: boolean;
  readonly keyWire: string;
  readonly valueWire: string;
};
export type ReadShape = StructureShape | ListShape | MapShape;

/** The shapes of a service as the compiled file has them. */
export type ShapesRow = {
  readonly shapes: readonly string[];
  /** By operation: the place of its answer's shape. */
  readonly answers: Readonly<Record<string, number>>;
  /** By operation: its request's shape, as far as it leads to what is sensitive. */
  readonly requests: Readonly<Record<string, number>>;
};

export type ServiceShapes = {
  /** A shape by its place. */
  shape(place: number): ReadShape;
  answer(operation: string): number | undefined;
  request(operation: string): number | undefined;
};

const MEMBER = /^([^>]+)>(\d+|[a-zX])(\*?)(~?)(?:@([a-zA-Z]))?(?:=(.+))?$/;
const OF_MANY = /^[LM]>(\d+|[a-zX])(\*?)(?:=(.+))?$/;

const targetOf = (text: string): Target => (/^\d/.test(text) ? Number(text) : text);

function readMember(text: string): ShapeMember {
  const [, name, target, sensitive, flat, place = 'b', wire] = MEMBER.exec(text) ?? [];
  if (name === undefined || target === undefined) throw new Error(`a member that cannot be read: ${text}`);
  return {
    name,
    target: targetOf(target),
    isSensitive: sensitive === '*',
    isFlattened: flat === '~',
    place,
    wire: wire ?? name,
  };
}

function readShape(text: string): ReadShape {
  if (text.startsWith('S')) {
    return { kind: 'structure', members: text === 'S' ? [] : text.slice(1).split(' ').map(readMember) };
  }
  const [, target, sensitive, wire] = OF_MANY.exec(text) ?? [];
  if (target === undefined) throw new Error(`a shape that cannot be read: ${text}`);
  const common = { target: targetOf(target), isSensitive: sensitive === '*' };
  if (text.startsWith('L')) return { kind: 'list', ...common, wire };
  const [keyWire = 'key', valueWire = 'value'] = wire?.split(',') ?? [];
  return { kind: 'map', ...common, keyWire, valueWire };
}

/** The shapes of a service; each is read when it is first asked for. */
export function openShapes({ shapes, answers, requests }: ShapesRow): ServiceShapes {
  const read = new Map<number, ReadShape>();
  const own = (places: Readonly<Record<string, number>>, name: string) =>
    Object.hasOwn(places, name) ? places[name] : undefined;
  return {
    shape(place) {
      const found = read.get(place) ?? readShape(shapes[place] ?? '');
      read.set(place, found);
      return found;
    },
    answer: (operation) => own(answers, operation),
    request: (operation) => own(requests, operation),
  };
}
