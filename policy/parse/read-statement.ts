import { type JsonMember, type JsonNode, placed } from './json-node.ts';
import type { Statement } from './policy-model.ts';
import { readActions } from './read-actions.ts';
import { readConditions } from './read-conditions.ts';
import { readPrincipals } from './read-principals.ts';
import { readResources } from './read-resources.ts';
import { childPlace, type Place, readMembers, readText, refuse } from './reading.ts';
import { refuseForType } from './refuse-for-type.ts';

const ELEMENTS: ReadonlySet<string> = new Set([
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]);

/** One statement, or undefined with what is wrong noted. Its index is for the caller to set. */
export function readStatement(place: Place, node: JsonNode): Statement | undefined {
  const members = readMembers(place, node, ELEMENTS);
  if (members === undefined) return undefined;
  const sid = readSid(place, members.get('Sid')?.value);
  const effect = readEffect(place, node, members.get('Effect')?.value);
  const actions = readActions(place, node, members);
  const principals = readPrincipals(place, members);
  const resources = readResources(place, members);
  const condition = members.get('Condition')?.value;
  const conditions = condition ? readConditions(childPlace(place, 'Condition'), condition) : [];
  if (effect === undefined || actions === undefined) return undefined;
  const statement: Statement = {
    index: 0,
    ...(sid !== undefined && { sid }),
    effect,
    ...(principals && { principals }),
    actions,
    ...(resources && { resources }),
    conditions,
    ...placed(node.position),
  };
  refuseForType(place, statement, present(members));
  return statement;
}

const present =
  (members: ReadonlyMap<string, JsonMember>) =>
  (...names: string[]): boolean =>
    names.some((name) => members.has(name));

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html */
function readSid(statement: Place, node: JsonNode | undefined): string | undefined {
  if (node === undefined) return undefined;
  const place = childPlace(statement, 'Sid');
  const sid = readText(place, node);
  const anyText = place.type === 'resource' || place.type === 'scp' || place.type === 'rcp';
  if (sid !== undefined && !anyText && !/^[A-Za-z0-9]*$/.test(sid)) refuse(place, 'bad-sid', node.position);
  return sid;
}

function readEffect(
  statement: Place,
  parent: JsonNode,
  node: JsonNode | undefined,
): Statement['effect'] | undefined {
  const place = childPlace(statement, 'Effect');
  if (node === undefined) return refuse(place, 'missing-element', parent.position);
  const effect = readText(place, node);
  if (effect === undefined || effect === 'Allow' || effect === 'Deny') return effect;
  return refuse(place, 'unknown-effect', node.position);
}
