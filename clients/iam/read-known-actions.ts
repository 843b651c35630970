import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  actionsIn,
  type DataIndex,
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

/** What IAM knows of its services, each read when it is first asked about. */
export function readKnownActions(): KnownActions & { readonly version: string } {
  const folder = dataFolder();
  const { services, version } = JSON.parse(readFileSync(`${folder}index.json`, 'utf8')) as DataIndex;
  const known = new Map<string, KnownService>();

  function read(service: string): KnownService | undefined {
    const place = Object.hasOwn(services, service) ? services[service] : undefined;
    if (!place) return undefined;
    const data = JSON.parse(readPart(`${folder}services.ndjson`, ...place)) as ServiceData;
    return { actions: actionsIn(service, data), several: new Set(keysOfSeveral(data)) };
  }

  function serviceOf(name: string): KnownService | undefined {
    const found = known.get(name) ?? read(name);
    if (found) known.set(name, found);
    return found;
  }

  return {
    version,
    services: Object.keys(services),
    actionsOf: (service) => serviceOf(service)?.actions ?? [],
    isOfSeveral: (key) => serviceOf(key.split(':')[0] ?? '')?.several.has(key),
  };
}
