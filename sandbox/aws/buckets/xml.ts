import { toXml } from '../write-answer.ts';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** An answer of S3 as XML: an element a key, and one for each of a list. */
export const xmlAnswer = (root: string, content: object, headers: Record<string, string> = {}): Response =>
  new Response(
    `<?xml version="1.0" encoding="UTF-8"?><${root} xmlns="${NAMESPACE}">${toXml(content)}</${root}>`,
    { headers: { 'content-type': 'application/xml', ...headers } },
  );

export const quoted = (etag: string): string => `"${etag}"`;
