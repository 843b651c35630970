import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import type { DataIndex, ServiceData } from '../../../../policy/data/service-data.ts';
import type { IamData } from '../../domain/catalog/iam/iam-data.ts';

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

/** What IAM knows of its services, out of a folder that `scripts/compile-iam-data.ts` writes; each service is read once. */
export function openServiceData(folder: string): IamData & { readonly version: string } {
  const { services, version } = JSON.parse(readFileSync(`${folder}index.json`, 'utf8')) as DataIndex;
  const known = new Map<string, ServiceData | undefined>();

  function read(prefix: string): ServiceData | undefined {
    const place = Object.hasOwn(services, prefix) ? services[prefix] : undefined;
    return place && (JSON.parse(readPart(`${folder}services.ndjson`, ...place)) as ServiceData);
  }

  return {
    version,
    services: Object.keys(services),
    serviceOf(prefix) {
      if (!known.has(prefix)) known.set(prefix, read(prefix));
      return known.get(prefix);
    },
  };
}
