import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { ModelIndex, OperationRow, ServiceRow } from '../gateway/identify/model.ts';
import { idsMade, namedByShape, saidWithin } from './aws-names.ts';
import { holdsSensitive, shapesRow } from './aws-shapes.ts';
import {
  KINDS,
  type MemberShape,
  type Model,
  type ModelOperation,
  type Shape,
  shapeOf,
} from './botocore-model.ts';

const PLACES: Readonly<Record<string, string>> = { uri: 'u', header: 'h', headers: 'H' };
/** Names of what opens something at AWS, as they are compared: in lower case. */
const SECRETS = [
  'secretaccesskey',
  'secretkey',
  'sessiontoken',
  'authorizationtoken',
  'accesstoken',
  'idtoken',
];

function kindOf(model: Model, member: MemberShape): string {
  const shape = shapeOf(model, member.shape);
  if (shape.type === 'blob') return shape.streaming || member.streaming ? 'X' : 'x';
  if (shape.type === 'list') {
    return shape.member && shapeOf(model, shape.member.shape).type === 'string' ? 'l' : 'o';
  }
  return KINDS[shape.type] ?? 'o';
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** The name that the member has on the wire, by the service's first protocol. */
function wireOf(model: Model, name: string, member: MemberShape): string {
  const { metadata } = model;
  const protocol = metadata.protocol ?? metadata.protocols?.[0];
  if (member.location) return member.locationName ?? name;
  if (protocol === 'ec2') return member.queryName ?? capital(member.locationName ?? name);
  const shape = shapeOf(model, member.shape);
  if (protocol === 'query' && shape.type === 'list' && (shape.flattened || member.flattened)) {
    return shape.member?.locationName ?? member.locationName ?? name;
  }
  return member.locationName ?? name;
}

function memberText(model: Model, input: Shape, name: string, member: MemberShape): string {
  const isPayload = input.payload === name;
  const shape = shapeOf(model, member.shape);
  const ofQuery = shape.type === 'map' ? 'm' : 'q';
  const place =
    member.location === 'querystring' ? ofQuery : (PLACES[member.location ?? ''] ?? (isPayload ? 'P' : 'b'));
  const wire = wireOf(model, name, member);
  const flags = `${input.required?.includes(name) ? '!' : ''}${member.idempotencyToken ? '~' : ''}`;
  const named = namedByShape(model, name, member);
  const ofShape = named === undefined ? '' : `@${named}`;
  return `${name}:${place}${kindOf(model, member)}${flags}${ofShape}${wire === name ? '' : `=${wire}`}`;
}

/** Whether an answer holds what opens something at AWS: a secret key, a session's or an authorization's token. */
function answersCredentials(model: Model, shapeName: string, seen: Set<string>): boolean {
  if (seen.has(shapeName)) return false;
  seen.add(shapeName);
  const shape = shapeOf(model, shapeName);
  const members = Object.entries(shape.members ?? {});
  if (members.some(([name]) => SECRETS.includes(name.toLowerCase()))) return true;
  const targets = [...members.map(([, member]) => member), shape.member, shape.value].flatMap(
    (target) => target ?? [],
  );
  return targets.some(({ shape: target }) => answersCredentials(model, target, seen));
}

function flagsOf(model: Model, { output, authtype, auth }: ModelOperation): string {
  const answer = output && shapeOf(model, output.shape);
  const targets = Object.values(answer?.members ?? {});
  const streams = targets.some((member) => kindOf(model, member) === 'X');
  const events = targets.some(({ shape }) => shapeOf(model, shape).eventstream);
  const unsigned = authtype === 'none' || (auth?.length === 1 && auth[0] === 'smithy.api#noAuth');
  return [
    output && answersCredentials(model, output.shape, new Set()) ? 'c' : '',
    events ? 'e' : '',
    unsigned ? 'n' : '',
    streams ? 'S' : '',
    output && holdsSensitive(model, output.shape) ? 's' : '',
  ].join('');
}

function operationRow(model: Model, name: string, operation: ModelOperation, isRest: boolean): OperationRow {
  const input = operation.input && shapeOf(model, operation.input.shape);
  const members = Object.entries(input?.members ?? {}).map(([each, member]) =>
    memberText(model, input as Shape, each, member),
  );
  const { method = 'POST', requestUri = '/' } = operation.http ?? {};
  const cells = [
    members.join(' '),
    isRest ? `${method} ${requestUri}` : '',
    flagsOf(model, operation),
    operation.endpoint?.hostPrefix ?? '',
    idsMade(model, name, operation).join(' '),
    saidWithin(model, name, operation).join(' '),
  ] as const;
  const last = cells.findLastIndex((cell) => cell.length > 0);
  return cells.slice(0, Math.max(1, last + 1)) as unknown as OperationRow;
}

function serviceRow(id: string, model: Model): ServiceRow {
  const { metadata, operations } = model;
  const protocols = metadata.protocols ?? (metadata.protocol ? [metadata.protocol] : []);
  const isRest = protocols.some((protocol) => protocol.startsWith('rest'));
  return {
    id,
    signing: metadata.signingName ?? metadata.endpointPrefix,
    protocols: [...new Set([...(metadata.protocol ? [metadata.protocol] : []), ...protocols])],
    ...(metadata.targetPrefix !== undefined && { prefix: metadata.targetPrefix }),
    api: metadata.apiVersion,
    host: metadata.endpointPrefix,
    ...(metadata.xmlNamespace !== undefined && { xmlNamespace: metadata.xmlNamespace }),
    operations: Object.fromEntries(
      Object.entries(operations).map(([name, operation]) => [
        name,
        operationRow(model, name, operation, isRest),
      ]),
    ),
  };
}

/** The newest model of a service, where it has one. */
function readModel(folder: string, id: string): Model | undefined {
  const versions = readdirSync(join(folder, id), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  const newest = versions
    .map(({ name }) => name)
    .sort()
    .at(-1);
  const file = newest && join(folder, id, newest, 'service-2.json.gz');
  if (!file || !existsSync(file)) return undefined;
  return JSON.parse(gunzipSync(readFileSync(file)).toString()) as Model;
}

function versionOf(folder: string): string {
  const text = readFileSync(join(folder, '..', '__init__.py'), 'utf8');
  const [, version] = /^__version__ = '([^']+)'/m.exec(text) ?? [];
  if (!version) throw new Error('botocore does not say its version');
  return version;
}

/**
 * The compiled models: a line of `services.ndjson` and one of `shapes.ndjson` for each service, and `index.json`, which
 * says where each stands.
 */
export function compileAwsModels(folder: string): Map<string, string> {
  const signing: Record<string, [number, number, number, number][]> = {};
  let [text, shapes] = ['', ''];
  const ids = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const id of ids.map(({ name }) => name).sort()) {
    const model = readModel(folder, id);
    if (!model) continue;
    const service = serviceRow(id, model);
    const line = JSON.stringify(service);
    const shapesLine = JSON.stringify(shapesRow(model));
    signing[service.signing] = [
      ...(signing[service.signing] ?? []),
      [text, line, shapes, shapesLine].map((each) => Buffer.byteLength(each)) as [
        number,
        number,
        number,
        number,
      ],
    ];
    text += `${line}\n`;
    shapes += `${shapesLine}\n`;
  }
  const index: ModelIndex = { source: 'botocore', version: versionOf(folder), signing };
  return new Map([
    ['services.ndjson', text],
    ['shapes.ndjson', shapes],
    ['index.json', `${JSON.stringify(index)}\n`],
  ]);
}
