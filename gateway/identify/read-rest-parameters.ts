import type { Member } from './model.ts';
import type { CallToName } from './named-call.ts';
import { readDeletedKeys } from './read-deleted-keys.ts';
import { textValue } from './read-form-parameters.ts';
import { readJson } from './read-json.ts';

type RestCall = {
  readonly call: CallToName;
  readonly operation: { readonly name: string; readonly members: readonly Member[] };
  readonly labels: ReadonlyMap<string, string>;
  readonly query: ReadonlyMap<string, readonly string[]>;
  readonly protocol: 'rest-json' | 'rest-xml';
};

/** The parameters of a REST call. Undefined where its body should hold some and cannot be read. */
export function readRestParameters(rest: RestCall): Record<string, unknown> | undefined {
  const { call, operation, labels, query, protocol } = rest;
  const inBody = bodyOf(rest);
  if (inBody === undefined) return undefined;
  const { headers } = call.request;
  const parameters: [string, unknown][] = [];
  for (const member of operation.members) {
    const { name, place, wire, kind } = member;
    const sent = place === 'q' ? query.get(wire) : undefined;
    // A simple parameter twice: which of the two counts, servers see differently.
    if (sent && sent.length > 1 && kind !== 'l') return undefined;
    const value =
      place === 'u'
        ? labels.get(wire)
        : place === 'h'
          ? headers.get(wire.toLowerCase())
          : place === 'q'
            ? kind === 'l'
              ? sent
              : sent?.[0]
            : undefined;
    if (value !== undefined)
      parameters.push([name, typeof value === 'string' ? textValue(member, value) : value]);
    else if (place === 'b' && protocol === 'rest-json' && Object.hasOwn(inBody, wire)) {
      parameters.push([name, inBody[wire]]);
    }
  }
  if (operation.name === 'DeleteObjects' && call.body) {
    const deleted = readDeletedKeys(call.body);
    if (!deleted) return undefined;
    parameters.push(['Delete', deleted]);
  }
  return Object.fromEntries(parameters);
}

/** The members that stand in a JSON body; an empty object where the body is none of the parameters' place. */
function bodyOf({ call: { body }, operation, protocol }: RestCall): Record<string, unknown> | undefined {
  const hasMembers = operation.members.some(({ place }) => place === 'b');
  if (protocol !== 'rest-json' || !hasMembers || !body || body.length === 0) return {};
  const value = readJson(body);
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
