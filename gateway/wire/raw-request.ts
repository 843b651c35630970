import { AwsError } from './aws-error.ts';

/** A name and a value, decoded. */
export type Pair = readonly [name: string, value: string];

/** A request as it stands on the line: nothing of its path is resolved, nothing of its query joined. */
export type RawRequest = {
  readonly method: string;
  /** Still encoded. */
  readonly path: string;
  /** Decoded, in the order sent. */
  readonly query: readonly Pair[];
  /** The query as sent, without its question mark. */
  readonly queryText: string;
  /** By lower-case names. */
  readonly headers: ReadonlyMap<string, string>;
};

/** Headers that two readers would read in two ways where they stand twice. */
const ONCE =
  /^(?:authorization|host|content-(?:length|type|encoding|md5)|transfer-encoding|smithy-protocol|expect|range|x-amz-.+)$/;
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH']);
const TARGET = /^\/[\x21-\x7e]*$/;
const VALUE = /^[\t\x20-\x7e]*$/;
/** AWS's own bounds are lower; S3 keys of 1,024 bytes, all encoded, fit. */
const LONGEST_TARGET = 16_384;
const MOST_HEADERS = 200;

const malformed = (why: string) => new AwsError('InvalidRequest', why, 400);

/** Decodes as every server does; throws where the text is not encoded as all of them read it. */
function decode(text: string): string {
  if (text.includes('+')) throw malformed('Write a blank in the query as %20, and a plus sign as %2B.');
  try {
    return decodeURIComponent(text);
  } catch {
    throw malformed('The query is not percent-encoded UTF-8.');
  }
}

function pairOf(part: string): Pair {
  const equals = part.indexOf('=');
  const [name, value] = equals < 0 ? [part, ''] : [part.slice(0, equals), part.slice(equals + 1)];
  return [decode(name), decode(value)];
}

const partsOf = (text: string): string[] => text.split('&').filter((part) => part !== '');

/**
 * The request of a request line and of headers as Node's `rawHeaders` has them. Throws AwsError (InvalidRequest) for
 * what two servers could read in two ways.
 */
export function readRawRequest(method: string, target: string, rawHeaders: readonly string[]): RawRequest {
  if (!METHODS.has(method)) throw malformed(`The method ${method.slice(0, 20)} is not one of AWS's.`);
  if (!TARGET.test(target) || target.length > LONGEST_TARGET || target.includes('#')) {
    throw malformed('The request line is not a path with a query.');
  }
  const question = target.indexOf('?');
  const [path, queryText] =
    question < 0 ? [target, ''] : [target.slice(0, question), target.slice(question + 1)];
  if (/%(?![0-9A-Fa-f]{2})|%00/.test(path)) throw malformed('The path is not percent-encoded.');
  return { method, path, query: partsOf(queryText).map(pairOf), queryText, headers: readHeaders(rawHeaders) };
}

function readHeaders(rawHeaders: readonly string[]): ReadonlyMap<string, string> {
  if (rawHeaders.length > MOST_HEADERS * 2) throw malformed(`More than ${MOST_HEADERS} headers.`);
  const headers = new Map<string, string>();
  for (let place = 0; place < rawHeaders.length; place += 2) {
    const [written = '', value = ''] = rawHeaders.slice(place, place + 2);
    const name = written.toLowerCase();
    const before = headers.get(name);
    if (before !== undefined && ONCE.test(name)) throw malformed(`The header ${name} stands there twice.`);
    if (!VALUE.test(value)) throw malformed(`The header ${name} holds what is no ASCII.`);
    headers.set(name, before === undefined ? value : `${before},${value}`);
  }
  return headers;
}

/** The pairs of a form; undefined where it is not encoded as all servers read it. */
export function readFormBody(body: Uint8Array): readonly Pair[] | undefined {
  const text = new TextDecoder().decode(body);
  if (!/^[\x21-\x7e]*$/.test(text)) return undefined;
  try {
    // In a form a plus sign is a blank, to all of them.
    return partsOf(text).map((part) => pairOf(part.replaceAll('+', '%20')));
  } catch {
    return undefined;
  }
}
