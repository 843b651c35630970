import { cbor } from '@smithy/core/cbor';
import { type Pair, readFormBody } from '../wire/raw-request.ts';
import type { CallToName, NamedCall, NotNamed, WireProtocol } from './named-call.ts';
import { readFormParameters } from './read-form-parameters.ts';
import { readJson } from './read-json.ts';
import type { Models, Operation, Service } from './read-models.ts';
import { readRestParameters } from './read-rest-parameters.ts';

const refused = (notNamed: string): NotNamed => ({ notNamed });

/** The header by which rpcv2-cbor tells itself. */
const SMITHY = 'smithy-protocol';
const RPC = /^\/service\/([^/]+)\/operation\/([^/]+)$/;
const isFormBody = (type: string | undefined) => /^application\/x-www-form-urlencoded\b/i.test(type ?? '');
const isJsonBody = (type: string | undefined) => /^application\/(x-amz-)?json/i.test(type ?? '');
const isRest = (protocol: string): protocol is 'rest-json' | 'rest-xml' => protocol.startsWith('rest-');

/**
 * Names the service, operation and parameters of a raw request, in whichever protocol it came. What two readers could
 * read in two ways is refused: markers of two protocols, a key twice, a path with dots.
 */
export function identify(call: CallToName, models: Models): NamedCall | NotNamed {
  const { request, signingName } = call;
  const services = models.of(signingName);
  if (services.length === 0) return refused(`AWS has no service that signs as ${signingName}`);
  const { headers } = request;
  const isCbor = headers.get(SMITHY) !== undefined;
  const target = headers.get('x-amz-target');
  if (isCbor && target !== undefined)
    return refused('two protocols at once: smithy-protocol and X-Amz-Target');
  if (isCbor) return ofCbor(call, services);
  if (target !== undefined) return ofJson(call, target, services);
  const byForm = services.filter(({ protocols }) => protocols.includes('query') || protocols.includes('ec2'));
  // Services of both kinds may sign alike (ses and sesv2): a form, or an Action, says which it is.
  const isForm = isFormBody(headers.get('content-type')) || request.query.some(([name]) => name === 'Action');
  return byForm.length > 0 && isForm ? ofForm(call, byForm) : ofRest(call, services);
}

const named = (
  service: Service,
  operation: Operation,
  protocol: WireProtocol,
  parameters: Record<string, unknown>,
): NamedCall => ({ service, operation, protocol, parameters });

function ofJson(
  { request, body }: CallToName,
  target: string,
  services: readonly Service[],
): NamedCall | NotNamed {
  if (request.method !== 'POST' || request.path !== '/')
    return refused('X-Amz-Target on what is no POST to /');
  if (request.query.length > 0) return refused('X-Amz-Target beside a query');
  if (!isJsonBody(request.headers.get('content-type')))
    return refused('X-Amz-Target on a body that is no JSON');
  const dot = target.lastIndexOf('.');
  const name = target.slice(dot + 1);
  const sent = target.slice(0, dot);
  // CloudTrail's has a package before it in botocore's model, and none in the SDK for JavaScript.
  const isPrefix = (prefix: string) =>
    prefix === sent || (!sent.includes('.') && prefix.endsWith(`.${sent}`));
  const isIts = ({ prefix = '', operations }: Service) => isPrefix(prefix) && operations.has(name);
  const service = services.find(isIts);
  const operation = service?.operations.get(name);
  if (!service || !operation) return refused(`no operation ${target}`);
  const parameters = objectOf(body);
  return parameters
    ? named(service, operation, 'json', parameters)
    : refused('the body is no plain JSON object');
}

function objectOf(body: Uint8Array | undefined): Record<string, unknown> | undefined {
  if (!body) return undefined;
  const value = body.length === 0 ? {} : readJson(body);
  return isObject(value) ? value : undefined;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

function ofCbor({ request, body }: CallToName, services: readonly Service[]): NamedCall | NotNamed {
  const [, prefix, name = ''] = RPC.exec(request.path) ?? [];
  if (
    request.method !== 'POST' ||
    request.headers.get(SMITHY) !== 'rpc-v2-cbor' ||
    request.query.length > 0
  ) {
    return refused('smithy-protocol on what is no rpc-v2-cbor call');
  }
  const speaking = services.filter(({ protocols }) => protocols.includes('smithy-rpc-v2-cbor'));
  const service = speaking.find(
    (each) => each.operations.has(name) && (!each.prefix || each.prefix === prefix),
  );
  const operation = service?.operations.get(name);
  if (!service || !operation) return refused(`no operation ${name}`);
  try {
    const value: unknown = body && body.length > 0 ? cbor.deserialize(body) : {};
    if (isObject(value)) return named(service, operation, 'smithy-rpc-v2-cbor', value);
  } catch {
    // Told below, with what is CBOR but no map.
  }
  return refused('the body is no CBOR map');
}

function ofForm({ request, body }: CallToName, services: readonly Service[]): NamedCall | NotNamed {
  const inQuery = request.query;
  if (request.path !== '/') return refused('a call by a form on a path');
  const hasBody = body === undefined || body.length > 0;
  if (hasBody && !isFormBody(request.headers.get('content-type'))) return refused('a body that is no form');
  if (hasBody && inQuery.length > 0) return refused('parameters in the query and in a form');
  const form: readonly Pair[] | undefined = hasBody ? body && readFormBody(body) : inQuery;
  if (!form) return refused('a form that cannot be read');
  const names = new Set(form.map(([name]) => name));
  if (names.size !== form.length) return refused('a parameter twice');
  const values = new Map(form);
  const [action, version] = [values.get('Action'), values.get('Version')];
  if (action === undefined) return refused('no Action');
  const fitting = services.filter((each) => each.api === version && each.operations.has(action));
  // Services that sign and speak alike (rds, neptune, docdb) mean the same by the same name.
  const [service] = fitting;
  const operation = service?.operations.get(action);
  if (!service || !operation) return refused(`no operation ${action} in ${version}`);
  const protocol = service.protocols.includes('ec2') ? 'ec2' : 'query';
  return named(service, operation, protocol, readFormParameters(values, operation.members));
}

/** Segments that one server passes on and another resolves; S3 alone has keys of them. */
const isPlainPath = (path: string): boolean =>
  !path.split('/').some((segment) => /^(?:\.|%2e){1,2}$/i.test(segment)) && !/\/\/|%2f|%5c|\\/i.test(path);

/** S3's two services sign alike and share paths; this header, which all calls of the one need, tells them apart. */
const OF_S3_CONTROL = 'x-amz-account-id';

const reachable = (services: readonly Service[], { request, bucketInHost }: CallToName): readonly Service[] =>
  services.filter(({ id }) => {
    if (id === 's3') return !request.headers.has(OF_S3_CONTROL);
    return id === 's3control' ? request.headers.has(OF_S3_CONTROL) && bucketInHost === undefined : true;
  });

function ofRest(call: CallToName, services: readonly Service[]): NamedCall | NotNamed {
  const { request, bucketInHost, signingName } = call;
  const { method, headers } = request;
  const query = new Map<string, string[]>();
  for (const [name, value] of request.query) query.set(name, [...(query.get(name) ?? []), value]);
  const path =
    bucketInHost === undefined ? request.path : `/${bucketInHost}${request.path === '/' ? '' : request.path}`;
  if (!signingName.startsWith('s3') && !isPlainPath(path) && !isArnPath(path)) {
    return refused('a path that two servers could read in two ways');
  }
  const found = reachable(services, call).flatMap((service) => {
    const route = service.routes?.({ method, path, query, headers });
    return route === undefined ? [] : [{ service, route }];
  });
  if (found.some(({ route }) => route === 'ambiguous')) return refused('two operations that fit alike');
  const [first, ...others] = found;
  if (!first || first.route === 'ambiguous') return refused('no operation of this method, path and query');
  const { service, route } = first;
  if (others.some((other) => other.route !== 'ambiguous' && other.route.operation !== route.operation)) {
    return refused('operations of two services that fit alike');
  }
  const operation = service.operations.get(route.operation);
  const protocol = service.protocols.find(isRest);
  if (!operation || !protocol) return refused('no operation of this method, path and query');
  const parameters = readRestParameters({ call, operation, labels: route.labels, query, protocol });
  return parameters
    ? named(service, operation, protocol, parameters)
    : refused('parameters that cannot be read');
}

/** An ARN as one segment has its slashes encoded, which nothing else of a path may. */
const isArnPath = (path: string): boolean =>
  isPlainPath(
    path.replace(/\/arn(?:%3a|:)[^/]*/gi, (arn) => (/%5c|\\|%2e%2e|\.\./i.test(arn) ? arn : '/arn')),
  );
