import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ActionRow, DataIndex, ServiceData } from '../../../policy/data/service-data.ts';

/** An action as IAM knows it. */
export type IamAction = { readonly name: string; readonly row: ActionRow };

/** A service as IAM knows it. */
export type IamService = {
  readonly prefix: string;
  /** By the name in lower case. */
  action(name: string): IamAction | undefined;
  readonly resources: ServiceData['resources'];
};

export type IamData = {
  /** By what its actions begin with; undefined where IAM has no such service. */
  service(prefix: string): IamService | undefined;
};

const FOLDER = fileURLToPath(new URL('../../../policy/data/', import.meta.url));

/** What IAM knows of actions and resources; a service's line is read when it is first looked for. */
export function openIamData(folder = FOLDER): IamData {
  const { services } = JSON.parse(readFileSync(`${folder}index.json`, 'utf8')) as DataIndex;
  const read = new Map<string, IamService | undefined>();

  function readService(prefix: string): IamService | undefined {
    const place = Object.hasOwn(services, prefix) ? services[prefix] : undefined;
    if (!place) return undefined;
    const bytes = Buffer.alloc(place[1]);
    const file = openSync(`${folder}services.ndjson`, 'r');
    try {
      readSync(file, bytes, 0, place[1], place[0]);
    } finally {
      closeSync(file);
    }
    const data = JSON.parse(bytes.toString()) as ServiceData;
    const actions = new Map(
      Object.entries(data.actions).map(([name, row]) => [name.toLowerCase(), { name, row }]),
    );
    return { prefix, action: (name) => actions.get(name.toLowerCase()), resources: data.resources };
  }

  return {
    service(prefix) {
      if (!read.has(prefix)) read.set(prefix, readService(prefix));
      return read.get(prefix);
    },
  };
}
