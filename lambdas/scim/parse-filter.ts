import { ScimError } from './scim-error.ts';

/** One comparison: what providers look users and groups up by. */
export type ScimFilter = {
  readonly attribute: 'username' | 'externalid' | 'displayname' | 'id' | 'emails.value';
  readonly value: string;
};

const MOST = 600;
const EQUALS =
  /^\s*(?:urn:ietf:params:scim:schemas:core:2\.0:(?:User|Group):)?(userName|externalId|displayName|id|emails\.value)\s+eq\s+("(?:[^"\\]|\\.)*")\s*$/i;

/**
 * Reads a filter. Only `<attribute> eq "<text>"` of a few attributes: no call to this service walks through what people
 * do not need. Throws invalidFilter, which RFC 7644 has for what a server does not support.
 * @see https://www.rfc-editor.org/rfc/rfc7644#section-3.4.2.2
 */
export function parseFilter(text: string | undefined): ScimFilter | undefined {
  if (text === undefined) return undefined;
  const [, attribute = '', quoted = ''] = (text.length <= MOST && EQUALS.exec(text)) || [];
  const value = fromJson(quoted);
  if (value === undefined)
    throw new ScimError(
      400,
      'Filters are: userName, externalId, displayName, id or emails.value, then eq "…".',
      'invalidFilter',
    );
  return { attribute: attribute.toLowerCase() as ScimFilter['attribute'], value };
}

function fromJson(quoted: string): string | undefined {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return undefined;
  }
}
