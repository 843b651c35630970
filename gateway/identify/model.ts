/**
 * Where a parameter stands in a request: `u`ri, `q`uery string, `m`ap of query strings, `h`eader, `H`eaders by
 * prefix, the whole `P`ayload, or the `b`ody.
 */
export type Place = 'u' | 'q' | 'm' | 'h' | 'H' | 'P' | 'b';

/** `s`tring, `i`nteger, `f`loat, `t`ime, `b`oolean, `l`ist of strings, `x` bytes, `X` a stream of them, `o`ther. */
export type Kind = 's' | 'i' | 'f' | 't' | 'b' | 'l' | 'x' | 'X' | 'o';

/** A parameter of an operation. */
export type Member = {
  readonly name: string;
  readonly place: Place;
  readonly kind: Kind;
  readonly isRequired: boolean;
  /** Made anew by clients at each attempt: says nothing of what is done. */
  readonly isIdempotencyToken: boolean;
  /** Its name on the wire. */
  readonly wire: string;
  /** What the model calls its text, or each of its texts, where that is another name: `SecurityGroupId` of `Groups`. */
  readonly shape?: string | undefined;
};

/** An operation as the compiled file has it; what is empty at the end of the row is left out. */
export type OperationRow = readonly [
  /** `Name:place kind flags@shape=wire`, separated by blanks; see `readMembers`. */
  members: string,
  /** Of the REST protocols: `METHOD /uri`. Of the others empty. */
  http?: string,
  /**
   * `c` answers credentials, `e` answers a stream of events, `n` is not signed, `S` answers a stream of bytes, `s`
   * answers what the model calls sensitive.
   */
  flags?: string,
  /** What its endpoint's host begins with, as `sync-` or `{AccountId}.`. */
  hostPrefix?: string,
  /** The ids that it answers and that no parameter says, separated by blanks: what it makes has them. */
  made?: string,
  /** `placeholder:path` of texts within other parameters that say what the call is on, separated by blanks. */
  within?: string,
];

/** A service as the compiled file has it. */
export type ServiceRow = {
  readonly id: string;
  /** The service's name in a signature. */
  readonly signing: string;
  readonly protocols: readonly string[];
  /** What `X-Amz-Target` begins with, without its full stop; of the JSON protocols. */
  readonly prefix?: string;
  /** The version that the query protocols name. */
  readonly api: string;
  /** The first label of its host. */
  readonly host: string;
  readonly xmlNamespace?: string;
  readonly operations: Readonly<Record<string, OperationRow>>;
};

/**
 * From which release it was compiled; and, of each signing name, where the lines of its services stand in
 * services.ndjson and in shapes.ndjson, in bytes.
 */
export type ModelIndex = {
  readonly source: string;
  readonly version: string;
  readonly signing: Readonly<
    Record<
      string,
      readonly (readonly [start: number, length: number, shapesStart: number, shapesLength: number])[]
    >
  >;
};

const MEMBER = /^([^:]+):([uqmhHPb])([siftblxXo])(!?)(~?)(?:@(\w+))?(?:=(.+))?$/;

/** The parameters that a row's text says. */
export function readMembers(text: string): Member[] {
  if (text === '') return [];
  return text.split(' ').map((written) => {
    const [, name = '', place, kind, required, token, shape, wire = name] = MEMBER.exec(written) ?? [];
    if (!name) throw new Error(`a member that cannot be read: ${written}`);
    return {
      name,
      place: place as Place,
      kind: kind as Kind,
      isRequired: required === '!',
      isIdempotencyToken: token === '~',
      wire,
      shape,
    };
  });
}
