import type { Pair, RawRequest } from './raw-request.ts';

/** Services whose paths are signed as they stand: an object's key may hold dots and slashes. */
const SIGNS_PATH_AS_SENT = new Set(['s3', 's3express', 's3-outposts', 's3-object-lambda']);

/** RFC 3986: everything but letters, digits, `-`, `.`, `_` and `~`. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** Without dot segments and without empty ones. */
function normal(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '.' && segment !== '') segments.push(segment);
  }
  const isFolder = segments.length > 0 && /\/\.{0,2}$/.test(path);
  return `/${segments.join('/')}${isFolder ? '/' : ''}`;
}

/** The path as it is signed: of S3 as sent, of the others resolved and encoded once more. */
export function canonicalPath(path: string, service: string): string {
  if (SIGNS_PATH_AS_SENT.has(service)) return path === '' ? '/' : path;
  return normal(path).split('/').map(encode).join('/');
}

const byOrder = ([left]: Pair, [right]: Pair): number => (left < right ? -1 : left > right ? 1 : 0);

/** The query as it is signed, without the parameter that holds the signature. */
export function canonicalQuery(query: readonly Pair[]): string {
  return query
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]): Pair => [encode(name), encode(value)])
    .sort(
      ([nameA, valueA], [nameB, valueB]) =>
        byOrder([nameA, ''], [nameB, '']) || byOrder([valueA, ''], [valueB, '']),
    )
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

const canonicalValue = (value: string): string => value.trim().replace(/\s+/g, ' ');

/**
 * The text whose digest a SigV4 signature covers.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function canonicalRequest(
  { method, path, query, headers }: RawRequest,
  {
    service,
    signedHeaders,
    payloadHash,
  }: { service: string; signedHeaders: readonly string[]; payloadHash: string },
): string {
  const lines = signedHeaders.map((name) => `${name}:${canonicalValue(headers.get(name) ?? '')}\n`);
  return [
    method,
    canonicalPath(path, service),
    canonicalQuery(query),
    lines.join(''),
    signedHeaders.join(';'),
    payloadHash,
  ].join('\n');
}
