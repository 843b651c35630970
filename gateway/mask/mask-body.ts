import { cbor } from '@smithy/core/cbor';
import type { NamedCall } from '../identify/named-call.ts';
import { readExactJson } from '../identify/read-json.ts';
import type { ShapeMember } from '../identify/shapes.ts';
import { MASKED, maskBytes } from './mask-leaf.ts';
import { type MaskNode, makeNode, memberNode, membersOf } from './mask-node.ts';
import { isObject, maskAttributes, maskValue } from './mask-value.ts';
import { maskXml } from './mask-xml.ts';
import type { MaskPlan } from './plan-mask.ts';
import { repairMessages } from './repair-md5.ts';
import { elementsOf, localName, mapChildren, readXml, writeXml, type XmlElement } from './xml-tree.ts';

/** What a plan masks of a call's answer, by its model; undefined where the model says nothing of it. */
export function rootOf(
  { service, operation }: NamedCall,
  { fields, sensitive }: MaskPlan,
): MaskNode | undefined {
  const shapes = service.shapes();
  const answer = shapes.answer(operation.name);
  return answer === undefined ? undefined : makeNode(answer, fields, sensitive, shapes);
}

const isSqs = ({ service, operation }: NamedCall): boolean =>
  service.signing === 'sqs' && operation.name === 'ReceiveMessage';

function maskJsonBody(
  bytes: Uint8Array,
  call: NamedCall,
  plan: MaskPlan,
  root: MaskNode | undefined,
): Buffer | undefined {
  const value = readExactJson(bytes);
  if (value === undefined) return undefined;
  const isOfTable = call.service.signing === 'dynamodb';
  const ofTable = isOfTable ? maskAttributes(value, new Set(plan.attributes), plan.detect) : value;
  const masked = maskValue(ofTable, { root, detectors: isOfTable ? [] : plan.detect, isCbor: false });
  return Buffer.from(JSON.stringify(isSqs(call) ? repairMessages(masked) : masked));
}

function maskCborBody(bytes: Uint8Array, plan: MaskPlan, root: MaskNode | undefined): Buffer | undefined {
  try {
    const value: unknown = cbor.deserialize(bytes);
    if (!isObject(value)) return undefined;
    return Buffer.from(cbor.serialize(maskValue(value, { root, detectors: plan.detect, isCbor: true })));
  } catch {
    return undefined;
  }
}

/** The element that holds the answer: the query protocol wraps it. */
function answerIn(document: XmlElement, { protocol, operation }: NamedCall): XmlElement | undefined {
  if (protocol !== 'query') return document;
  return elementsOf(document).find(({ name }) => localName(name) === `${operation.name}Result`);
}

function maskXmlBody(
  bytes: Uint8Array,
  call: NamedCall,
  plan: MaskPlan,
  root: MaskNode | undefined,
): Buffer | undefined {
  const document = readXml(bytes);
  if (!document) return undefined;
  const answer = root && answerIn(document, call);
  // What should be masked is in an element that is not there: it may be in another.
  if (root && !answer) return undefined;
  const masked =
    answer === document || !answer
      ? (maskXml(document, root, plan.detect) ?? { ...document, children: [] })
      : mapChildren(document, (child) => maskXml(child, child === answer ? root : undefined, plan.detect));
  return Buffer.from(writeXml(masked));
}

/** A body that is one member's text or bytes, as it stands. */
function maskRaw(bytes: Uint8Array, node: MaskNode | undefined, { detect }: MaskPlan): Uint8Array {
  if (node?.isWhole) return Buffer.from(MASKED);
  return detect.length > 0 ? maskBytes(bytes, detect) : bytes;
}

/**
 * An answer's body, masked. Undefined where it cannot be read: then nothing of it may be shown. An error has the shape of
 * no answer: attributes and detectors alone apply to it.
 */
export function maskBody(
  bytes: Uint8Array,
  call: NamedCall,
  plan: MaskPlan,
  isError: boolean,
): Uint8Array | undefined {
  if (bytes.length === 0) return bytes;
  const root = isError ? undefined : rootOf(call, plan);
  const payload = membersOf(root).find(({ place }: ShapeMember) => place === 'P');
  const node = root && payload ? memberNode(root, payload) : root;
  if (node?.target === 'X' || node?.target === 'e') return undefined;
  if (payload && (node?.target === 's' || node?.target === 'x')) return maskRaw(bytes, node, plan);
  switch (call.protocol) {
    case 'json':
    case 'rest-json':
      return maskJsonBody(bytes, call, plan, node);
    case 'smithy-rpc-v2-cbor':
      return maskCborBody(bytes, plan, node);
    default:
      return maskXmlBody(bytes, call, plan, node);
  }
}
