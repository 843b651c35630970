import { AwsError } from './aws-error.ts';
import type { Pair, RawRequest } from './raw-request.ts';

/** Parameters that sign a URL, of which nothing is left once the signature is checked. */
const OF_SIGNATURE =
  /^x-amz-(?:algorithm|credential|date|expires|signedheaders|signature|security-token|content-sha256)$/i;
/** Headers that SDKs write into a URL, and that services read there as headers. */
const HOISTED = /^x-amz-/i;

const encode = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** A presigned request as it would be with its signature in headers: what its URL says for them is said by them. */
export function unfoldPresigned(request: RawRequest): RawRequest {
  const kept: Pair[] = [];
  const headers = new Map(request.headers);
  for (const [name, value] of request.query) {
    if (OF_SIGNATURE.test(name)) continue;
    if (!HOISTED.test(name)) {
      kept.push([name, value]);
      continue;
    }
    const header = name.toLowerCase();
    if (headers.has(header))
      throw new AwsError('InvalidRequest', `${header} stands in the URL and in a header.`, 400);
    if (!/^[\t\x20-\x7e]*$/.test(value))
      throw new AwsError('InvalidRequest', `${header} holds what is no ASCII.`, 400);
    headers.set(header, value);
  }
  const queryText = kept
    .map(([name, value]) => (value === '' ? encode(name) : `${encode(name)}=${encode(value)}`))
    .join('&');
  return { ...request, headers, query: kept, queryText };
}
