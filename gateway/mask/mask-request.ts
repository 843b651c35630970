import { cbor } from '@smithy/core/cbor';
import type { NamedCall } from '../identify/named-call.ts';
import { readExactJson } from '../identify/read-json.ts';
import { type Pair, readFormBody } from '../wire/raw-request.ts';
import { MASKED, maskBytes, maskLeafText } from './mask-leaf.ts';
import { eachNode, type MaskNode, makeNode, memberNode, membersOf } from './mask-node.ts';
import { isObject, maskAttributes, maskValue } from './mask-value.ts';
import { maskXml } from './mask-xml.ts';
import type { MaskPlan } from './plan-mask.ts';
import { readXml, writeXml } from './xml-tree.ts';

/** What of a request the model calls sensitive; undefined where it calls nothing so. */
export function requestRoot({ service, operation }: NamedCall): MaskNode | undefined {
  const shapes = service.shapes();
  const request = shapes.request(operation.name);
  return request === undefined ? undefined : makeNode(request, [], true, shapes);
}

/** A parameter of a form, whose name says the way to it: `Users.member.1.Password`, `Tag.1.Value`. */
function maskFormPair([name, value]: Pair, root: MaskNode | undefined, { detect }: MaskPlan): Pair {
  let node = root;
  for (const step of name.split('.')) {
    if (!node || node.isWhole) break;
    const parent: MaskNode = node;
    const isSame = (text: string) => text.toLowerCase() === step.toLowerCase();
    const member = membersOf(parent).find((each) => isSame(each.name) || isSame(each.wire));
    // Of a list or a map the steps are a number, or a word of the protocol.
    if (member) node = memberNode(parent, member);
    else if (/^\d+$/.test(step)) node = eachNode(parent) ?? parent;
    else if (membersOf(parent).length > 0) node = undefined;
  }
  const each = eachNode(node);
  return node?.isWhole || each?.isWhole ? [name, MASKED] : [name, maskLeafText(value, 's', detect)];
}

export const formText = (pairs: readonly Pair[]): string =>
  pairs.map((pair) => pair.map(encodeURIComponent).join('=')).join('&');

function maskForm(bytes: Uint8Array, root: MaskNode | undefined, plan: MaskPlan): Buffer | undefined {
  const pairs = readFormBody(bytes);
  return pairs && Buffer.from(formText(pairs.map((pair) => maskFormPair(pair, root, plan))));
}

function maskCbor(bytes: Uint8Array, root: MaskNode | undefined, { detect }: MaskPlan): Buffer | undefined {
  try {
    const value: unknown = cbor.deserialize(bytes);
    return isObject(value)
      ? Buffer.from(cbor.serialize(maskValue(value, { root, detectors: detect, isCbor: true })))
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * A request's body with what is sensitive, masked attributes and what detectors find masked. Undefined where it cannot be
 * read: then nothing of it is kept. The very bytes where nothing of it is masked.
 */
export function maskRequest(bytes: Uint8Array, call: NamedCall, plan: MaskPlan): Uint8Array | undefined {
  const root = requestRoot(call);
  const isNothing = !root && plan.attributes.length === 0 && plan.detect.length === 0;
  if (bytes.length === 0 || isNothing) return bytes;
  const payload = membersOf(root).find(({ place }) => place === 'P');
  const node = root && payload ? memberNode(root, payload) : root;
  if (payload && node?.isWhole) return Buffer.from(MASKED);
  switch (call.protocol) {
    case 'json':
    case 'rest-json': {
      const value = readExactJson(bytes);
      if (value === undefined) return undefined;
      const isOfTable = call.service.signing === 'dynamodb';
      const ofTable = isOfTable ? maskAttributes(value, new Set(plan.attributes), plan.detect) : value;
      const detectors = isOfTable ? [] : plan.detect;
      return Buffer.from(JSON.stringify(maskValue(ofTable, { root: node, detectors, isCbor: false })));
    }
    case 'smithy-rpc-v2-cbor':
      return maskCbor(bytes, node, plan);
    case 'rest-xml': {
      const document = readXml(bytes);
      if (document) return Buffer.from(writeXml(maskXml(document, node, plan.detect) ?? document));
      // An object of S3 is anybody's bytes.
      return root ? undefined : maskBytes(bytes, plan.detect);
    }
    default:
      return maskForm(bytes, root, plan);
  }
}
