import { isRawJson } from '../identify/raw-json.ts';
import type { Detector } from './detectors.ts';
import { MASKED, maskBytes, maskLeafText, textOfMasked } from './mask-leaf.ts';
import { documentNode, eachNode, hasShape, type MaskNode, memberNode, membersOf } from './mask-node.ts';

/** What is masked of a value that was read from JSON or CBOR. */
export type ValueMask = {
  readonly root: MaskNode | undefined;
  readonly detectors: readonly Detector[];
  /** By the names of the model and not of the wire: so it is in CBOR. */
  readonly isCbor: boolean;
};

const LEFT_OUT = Symbol('left out');

export const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null &&
  typeof value === 'object' &&
  !Array.isArray(value) &&
  !(value instanceof Uint8Array) &&
  !isRawJson(value);

/** The value with what a mask says masked: texts and bytes replaced, anything else left out. */
export function maskValue(value: unknown, { root, detectors, isCbor }: ValueMask): unknown {
  const childOf = (node: MaskNode | undefined, name: string): MaskNode | undefined => {
    if (!node) return undefined;
    if (node.target === 'd') return documentNode(node, name);
    const member = membersOf(node).find((each) => (isCbor ? each.name : each.wire) === name);
    return member ? memberNode(node, member) : eachNode(node);
  };

  function whole(found: unknown, node: MaskNode): unknown {
    if (found === null) return null;
    if (found instanceof Uint8Array) return Buffer.from(MASKED);
    return textOfMasked(node.target) ?? LEFT_OUT;
  }

  function leaf(found: unknown, node: MaskNode | undefined): unknown {
    if (found instanceof Uint8Array) return detectors.length > 0 ? maskBytes(found, detectors) : found;
    if (typeof found === 'string') return maskLeafText(found, node?.target, detectors);
    if (found === null || typeof found === 'boolean') return found;
    const text = isRawJson(found) ? found.rawJSON : String(found);
    return maskLeafText(text, undefined, detectors) === text ? found : LEFT_OUT;
  }

  function walk(found: unknown, node: MaskNode | undefined): unknown {
    if (node?.isWhole) return whole(found, node);
    if (Array.isArray(found)) {
      const each = node?.target === 'd' ? documentNode(node, '[]') : eachNode(node);
      return found.map((item) => walk(item, each)).filter((item) => item !== LEFT_OUT);
    }
    if (!isObject(found)) {
      // Its model says that there is more in it, some of it masked: it is not what it should be.
      const isOther = hasShape(node) && (node?.paths.length ?? 0) > 0 && found !== null;
      return isOther ? LEFT_OUT : leaf(found, node);
    }
    const entries = Object.entries(found).map(
      ([name, item]) => [name, walk(item, childOf(node, name))] as const,
    );
    const left = Object.fromEntries(entries.filter(([, item]) => item !== LEFT_OUT));
    // Tags of CBOR are told by a symbol.
    for (const symbol of Object.getOwnPropertySymbols(found))
      Object.assign(left, { [symbol]: Reflect.get(found, symbol) });
    return left;
  }

  return walk(value, root);
}

/** The value with these attributes of DynamoDB's masked, at any depth, and detectors applied; each stays an attribute value. */
export function maskAttributes(
  value: unknown,
  attributes: ReadonlySet<string>,
  detectors: readonly Detector[],
): unknown {
  if (Array.isArray(value)) return value.map((item) => maskAttributes(item, attributes, detectors));
  if (typeof value === 'string') return maskLeafText(value, 's', detectors);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      attributes.has(name) ? { S: MASKED } : maskAttributeValue(item, attributes, detectors),
    ]),
  );
}

/** A number in which a detector finds something becomes a text; bytes are looked into. */
function maskAttributeValue(
  value: unknown,
  attributes: ReadonlySet<string>,
  detectors: readonly Detector[],
): unknown {
  const [only, ...others] = isObject(value) ? Object.entries(value) : [];
  if (detectors.length > 0 && only && others.length === 0) {
    const [type, item] = only;
    const mask = (text: unknown, kind: 's' | 'x') => maskLeafText(String(text), kind, detectors);
    if (type === 'N') return mask(item, 's') === item ? value : { S: MASKED };
    if (type === 'NS' && Array.isArray(item))
      return item.every((text) => mask(text, 's') === text) ? value : { S: MASKED };
    if (type === 'B' && typeof item === 'string') return { B: mask(item, 'x') };
    if (type === 'BS' && Array.isArray(item))
      return { BS: [...new Set(item.map((text) => mask(text, 'x')))] };
    if (type === 'SS' && Array.isArray(item))
      return { SS: [...new Set(item.map((text) => mask(text, 's')))] };
  }
  return maskAttributes(value, attributes, detectors);
}
