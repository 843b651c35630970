import { cbor } from '@smithy/core/cbor';
import type { ArchivedBody, CallExchange } from '../../lambdas/shared/domain/audit/call-exchange.ts';
import { readJson } from '../identify/read-json.ts';
import { elementsOf, localName, readXml, type XmlElement } from '../mask/xml-tree.ts';

/** Paths that one answer may have: more are cut, and the rest is not compared. */
const MOST_PATHS = 2000;

/** The kinds of a JSON value by their paths; each of a list has the path of its list. */
function* pathsOfValue(value: unknown, path: string): Generator<string> {
  if (Array.isArray(value)) {
    yield `${path}[]`;
    for (const item of value) yield* pathsOfValue(item, `${path}[]`);
  } else if (value !== null && typeof value === 'object' && !(value instanceof Uint8Array)) {
    yield `${path} object`;
    for (const [name, item] of Object.entries(value)) yield* pathsOfValue(item, `${path}.${name}`);
  } else if (value !== null) yield `${path} ${value instanceof Uint8Array ? 'bytes' : typeof value}`;
}

function* pathsOfElement(element: XmlElement, path: string): Generator<string> {
  const own = `${path}/${localName(element.name)}`;
  yield own;
  for (const child of elementsOf(element)) yield* pathsOfElement(child, own);
}

/**
 * The form of a body: which members it has, and of what kind, whatever their values are. Undefined where nothing is kept
 * of it, or not all, or where its protocol has no form.
 */
export function shapeOfBody(
  body: ArchivedBody,
  protocol: CallExchange['protocol'],
): ReadonlySet<string> | undefined {
  if (body.bytes === 0) return new Set();
  if (body.truncated || body.withheld !== undefined) return undefined;
  const bytes = body.text === undefined ? Buffer.from(body.base64 ?? '', 'base64') : Buffer.from(body.text);
  const paths = new Set<string>();
  const add = (found: Iterable<string>): ReadonlySet<string> => {
    for (const path of found) if (paths.size < MOST_PATHS) paths.add(path);
    return paths;
  };
  if (protocol.endsWith('json')) {
    const value = readJson(bytes);
    return value === undefined ? undefined : add(pathsOfValue(value, ''));
  }
  if (protocol === 'smithy-rpc-v2-cbor') {
    try {
      return add(pathsOfValue(cbor.deserialize(bytes), ''));
    } catch {
      return undefined;
    }
  }
  const root = readXml(bytes);
  return root && add(pathsOfElement(root, ''));
}
