import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { IamData, PolicyWorth } from '../../policy/data/iam-data.ts';
import {
  actionsIn,
  type DataIndex,
  type GlobalKeys,
  keysOfSeveral,
  type ServiceData,
} from '../../policy/data/service-data.ts';
import type { KnownAction, KnownActions } from '../../policy/prove/known-actions.ts';

/** Where the data lies: in the repository, and in the built package beside its parts. */
const FOLDERS = ['./iam-data/', '../iam-data/', '../../policy/data/'];

function dataFolder(): string {
  const folders = FOLDERS.map((folder) => fileURLToPath(new URL(folder, import.meta.url)));
  const found = folders.find((folder) => existsSync(`${folder}index.json`));
  if (found === undefined)
    throw new Error(`what IAM knows of its services is missing: ${folders.join(', ')}`);
  return found;
}

/** A part of a file. */
function readPart(file: string, start: number, length: number): string {
  const descriptor = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(length);
    readSync(descriptor, bytes, 0, length, start);
    return bytes.toString('utf8');
  } finally {
    closeSync(descriptor);
  }
}

type KnownService = { readonly actions: readonly KnownAction[]; readonly several: ReadonlySet<string> };

/** Line by line, after where it comes from: how grave what it opens is, and the policy's name. */
const readManagedPolicies = (file: string): ReadonlyMap<string, PolicyWorth> =>
  new Map(
    readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line): [string, PolicyWorth] => {
        const [worth, name = ''] = line.split(' ');
        return [name, worth as PolicyWorth];
      }),
  );

/** All that IAM knows of its services, each read when it is first asked about. */
export function readIamData(): IamData & { readonly version: string } {
  const folder = dataFolder();
  const { services, version } = JSON.parse(readFileSync(`${folder}index.json`, 'utf8')) as DataIndex;
  const globalKeys = JSON.parse(readFileSync(`${folder}global-keys.json`, 'utf8')) as GlobalKeys;
  const read = new Map<string, ServiceData>();
  const known = new Map<string, KnownService>();
  let managed: ReadonlyMap<string, PolicyWorth> | undefined;

  function serviceOf(service: string): ServiceData | undefined {
    const found = read.get(service);
    const place = !found && Object.hasOwn(services, service) ? services[service] : undefined;
    if (!place) return found;
    const data = JSON.parse(readPart(`${folder}services.ndjson`, ...place)) as ServiceData;
    read.set(service, data);
    return data;
  }

  function knownOf(service: string): KnownService | undefined {
    const found = known.get(service);
    const data = found ? undefined : serviceOf(service);
    if (!data) return found;
    const made = { actions: actionsIn(service, data), several: new Set(keysOfSeveral(data)) };
    known.set(service, made);
    return made;
  }

  return {
    version,
    services: new Set(Object.keys(services)),
    serviceOf,
    globalKeys,
    known: {
      services: Object.keys(services),
      actionsOf: (service) => knownOf(service)?.actions ?? [],
      isOfSeveral: (key) => knownOf(key.split(':')[0] ?? '')?.several.has(key),
    },
    managedPolicies: () => {
      managed ??= readManagedPolicies(`${folder}managed-policies.txt`);
      return managed;
    },
  };
}

/** What a proof takes of it. */
export function readKnownActions(): KnownActions & { readonly version: string } {
  const { known, version } = readIamData();
  return { ...known, version };
}
