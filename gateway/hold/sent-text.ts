import { canonicalJson } from '../../lambdas/shared/domain/digest.ts';
import type { Member } from '../identify/model.ts';
import type { NamedCall } from '../identify/named-call.ts';
import { readJson } from '../identify/read-json.ts';
import { type RawRequest, readFormBody } from '../wire/raw-request.ts';
import { sha256 } from '../wire/signing-key.ts';
import { plainValue } from './plain-value.ts';

/** Headers that differ between two tries of one call, belong to the connection, or follow from the body. */
const OF_THE_TRY =
  /^(?:authorization|x-amz-(?:date|security-token|user-agent|content-sha256|sdk-.+|checksum-.+|trailer|decoded-content-length)|date|user-agent|amz-sdk-.+|x-amzn-trace-id|traceparent|tracestate|baggage|host|connection|keep-alive|content-length|content-md5|accept|accept-.+|expect|te|transfer-encoding|cookie)$/;

const tokensAt = (members: readonly Member[], place: Member['place']): ReadonlySet<string> =>
  new Set(
    members
      .filter((member) => member.isIdempotencyToken && member.place === place)
      .flatMap(({ name, wire }) => [name, wire]),
  );

const isObject = (value: unknown): value is object => value !== null && typeof value === 'object';

const without = (value: object, names: ReadonlySet<string>) =>
  Object.fromEntries(Object.entries(value).filter(([name]) => !names.has(name)));

/** Whether the body is an object whose members are the parameters. */
const isOfMembers = ({ protocol, operation: { members } }: NamedCall): boolean =>
  protocol === 'json' ||
  protocol === 'smithy-rpc-v2-cbor' ||
  (protocol === 'rest-json' && members.some(({ place }) => place === 'b'));

/** The body, as a value: of one that is no object of parameters its digest. */
function bodyOf(call: NamedCall, body: Buffer): unknown {
  const { protocol, operation, parameters } = call;
  const tokens = tokensAt(operation.members, 'b');
  if (body.length === 0) return null;
  if (protocol === 'json' || protocol === 'smithy-rpc-v2-cbor') {
    return plainValue(without(parameters, tokens));
  }
  if (protocol === 'query' || protocol === 'ec2') {
    return readFormBody(body)?.filter(([name]) => !tokens.has(name)) ?? sha256(body);
  }
  const value = isOfMembers(call) ? readJson(body) : undefined;
  return isObject(value) ? without(value, tokens) : sha256(body);
}

/** Whether all that a call says is in its parameters; what else is in its body they do not tell. */
export const isToldByParameters = (call: NamedCall, body: Buffer): boolean =>
  body.length === 0 || isOfMembers(call) || call.protocol === 'query' || call.protocol === 'ec2';

/** A call's parameters, without its idempotency tokens. */
export function parametersWithoutTokens({ operation, parameters }: NamedCall): unknown {
  const tokens = operation.members.filter(({ isIdempotencyToken }) => isIdempotencyToken);
  return plainValue(without(parameters, new Set(tokens.flatMap(({ name, wire }) => [name, wire]))));
}

/**
 * All that was sent of a call, as one text: two that are equal do the same. Idempotency tokens are left out, which
 * clients make anew when a call is run again, and what belongs to one try alone. Throws where it has no JSON form.
 */
export function sentText(
  call: NamedCall,
  request: RawRequest,
  body: Buffer,
  bucketInHost: string | undefined,
): string {
  const { members } = call.operation;
  const inQuery = tokensAt(members, 'q');
  const inHeaders = new Set([...tokensAt(members, 'h')].map((name) => name.toLowerCase()));
  const headers = [...request.headers].filter(([name]) => !OF_THE_TRY.test(name) && !inHeaders.has(name));
  return canonicalJson({
    service: call.service.id,
    operation: call.operation.name,
    protocol: call.protocol,
    method: request.method,
    path: request.path,
    bucketInHost: bucketInHost ?? null,
    query: request.query.filter(([name]) => !inQuery.has(name)).toSorted(),
    headers: Object.fromEntries(headers),
    body: bodyOf(call, body),
  });
}
