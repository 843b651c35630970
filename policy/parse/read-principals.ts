import { type JsonMember, type JsonNode, placed } from './json-node.ts';
import type { Element, Principal } from './policy-model.ts';
import { readEither } from './read-either.ts';
import { childPlace, type Place, readList, readMembers, readText, refuse } from './reading.ts';

const TYPES: ReadonlySet<string> = new Set(['AWS', 'Service', 'Federated', 'CanonicalUser']);
const ACCOUNT = /^(?:arn:[a-z-]+:iam::)?(\d{12})(?::root)?$/;
const PRINCIPAL_ARN =
  /^arn:[a-z-]+:(?:iam::\d{12}:(?:user|role)|sts::\d{12}:(?:assumed-role|federated-user))\/[^*?]+$/;
const DELETED = /^A(?:ROA|IDA)[A-Z0-9]{12,}$/;
const SERVICE = /^[a-z0-9][a-z0-9.-]*\.[a-z.]+$/i;
const CANONICAL_USER = /^[0-9a-f]{64}$/i;

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html */
export function readPrincipals(
  statement: Place,
  members: ReadonlyMap<string, JsonMember>,
): Element<Principal> | undefined {
  const either = readEither(statement, members, 'Principal');
  if (either === undefined) return undefined;
  const { negated, member, place } = either;
  return { negated, items: readItems(place, member.value), ...placed(member.keyPosition) };
}

function readItems(place: Place, node: JsonNode): Principal[] {
  if (node.kind === 'string') {
    if (node.text === '*') return [{ kind: 'everyone', ...placed(node.position) }];
    refuse(place, 'bad-principal', node.position);
    return [];
  }
  const members = readMembers(place, node, TYPES);
  if (members === undefined) return [];
  if (node.kind === 'object' && node.members.length === 0) refuse(place, 'empty-list', node.position);
  return [...members.values()].flatMap(({ key, value }) =>
    readList(childPlace(place, key), value, (child, item) => readPrincipal(child, key, item)),
  );
}

function readPrincipal(place: Place, type: string, node: JsonNode): Principal | undefined {
  const text = readText(place, node);
  if (text === undefined) return undefined;
  const principal = principalOf(type, text, place.type === 'resource' || place.type === 'rcp');
  return principal
    ? { ...principal, ...placed(node.position) }
    : refuse(place, 'bad-principal', node.position);
}

function principalOf(type: string, text: string, ofResource: boolean): Principal | undefined {
  if (type === 'AWS') return awsPrincipal(text);
  if (type === 'Service') return SERVICE.test(text) ? { kind: 'service', name: text } : undefined;
  if (type === 'Federated') return text === '' ? undefined : { kind: 'federated', provider: text };
  return ofResource && CANONICAL_USER.test(text) ? { kind: 'canonical-user', id: text } : undefined;
}

/** `*` means all of them or stands nowhere: AWS takes no other wildcard here. */
function awsPrincipal(text: string): Principal | undefined {
  if (text === '*') return { kind: 'everyone' };
  const accountId = ACCOUNT.exec(text)?.[1];
  if (accountId !== undefined) return { kind: 'account', accountId };
  if (DELETED.test(text)) return { kind: 'deleted', id: text };
  return PRINCIPAL_ARN.test(text) ? { kind: 'arn', arn: text } : undefined;
}
