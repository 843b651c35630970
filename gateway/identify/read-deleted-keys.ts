/** An object that a call of DeleteObjects names. */
type Deleted = { readonly Key: string; readonly VersionId?: string };

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Text of XML as it reads; undefined where it holds an entity that is not XML's own or a number's. */
function textOf(written: string): string | undefined {
  let isPlain = true;
  const text = written.replace(/&([^;&]*);?/g, (_, name: string) => {
    const [, hex, decimal] = /^#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}))$/.exec(name) ?? [];
    const code = hex ? Number.parseInt(hex, 16) : Number(decimal);
    if (Number.isInteger(code) && code > 0 && code <= 0x10ffff) return String.fromCodePoint(code);
    isPlain &&= Object.hasOwn(ENTITIES, name);
    return ENTITIES[name] ?? '';
  });
  return isPlain ? text : undefined;
}

const OBJECT = /<Object>(.*?)<\/Object>/gs;
const TEXT = /^\s*<(Key|VersionId|ETag|LastModifiedTime|Size)>([^<]*)<\/\1>/s;

function objectOf(written: string): Deleted | undefined {
  const found = new Map<string, string>();
  let rest = written;
  while (rest.trim() !== '') {
    const [whole = '', name = '', value = ''] = TEXT.exec(rest) ?? [];
    const text = textOf(value);
    if (whole === '' || text === undefined || found.has(name)) return undefined;
    found.set(name, text);
    rest = rest.slice(whole.length);
  }
  const [key, version] = [found.get('Key'), found.get('VersionId')];
  if (key === undefined || key === '') return undefined;
  return { Key: key, ...(version !== undefined && { VersionId: version }) };
}

/**
 * The objects that a body of DeleteObjects names. Undefined where it is not of exactly the form that SDKs write: a
 * comment, CDATA, a declaration of entities or an unknown element could hide one.
 */
export function readDeletedKeys(body: Uint8Array): { readonly Objects: readonly Deleted[] } | undefined {
  const text = new TextDecoder().decode(body);
  const [, inside] =
    /^\s*(?:<\?xml[^<>]*\?>\s*)?<Delete(?:\s+xmlns="[^"<>]*")?>(.*)<\/Delete>\s*$/s.exec(text) ?? [];
  if (inside === undefined) return undefined;
  const objects: Deleted[] = [];
  let isReadable = true;
  const rest = inside.replace(OBJECT, (_, written: string) => {
    const object = objectOf(written);
    if (object) objects.push(object);
    else isReadable = false;
    return '';
  });
  if (!isReadable || !/^\s*(?:<Quiet>\s*(?:true|false)\s*<\/Quiet>)?\s*$/.test(rest)) return undefined;
  return { Objects: objects };
}
