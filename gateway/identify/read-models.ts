import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Member, type ModelIndex, type OperationRow, readMembers, type ServiceRow } from './model.ts';
import { makeRoutes, type Routes } from './routes.ts';

/** An operation of a service, its row read. */
export type Operation = {
  readonly name: string;
  readonly members: readonly Member[];
  readonly answersCredentials: boolean;
  readonly answersEvents: boolean;
  readonly answersStream: boolean;
  /** Clients send it without a signature, so its service tells nobody's account by it. */
  readonly isUnsigned: boolean;
  readonly hostPrefix: string;
  readonly sensitive: readonly string[];
};

/** A service, and how its operations are found. */
export type Service = Omit<ServiceRow, 'operations'> & {
  readonly operations: ReadonlyMap<string, Operation>;
  /** Of the REST protocols; undefined of the others. */
  readonly routes: Routes | undefined;
};

export type Models = {
  /** The services that go by this name in a signature; none where AWS has no such service. */
  of(signingName: string): readonly Service[];
  readonly index: ModelIndex;
};

const FOLDER = fileURLToPath(new URL('./data/', import.meta.url));

function operationOf(
  name: string,
  [members, , flags = '', hostPrefix = '', sensitive = []]: OperationRow,
): Operation {
  return {
    name,
    members: readMembers(members),
    answersCredentials: flags.includes('c'),
    answersEvents: flags.includes('e'),
    answersStream: flags.includes('S'),
    isUnsigned: flags.includes('n'),
    hostPrefix,
    sensitive,
  };
}

function serviceOf({ operations: rows, ...row }: ServiceRow): Service {
  const operations = new Map(Object.entries(rows).map(([name, each]) => [name, operationOf(name, each)]));
  const isRest = row.protocols.some((protocol) => protocol.startsWith('rest'));
  const paths = Object.entries(rows).map(([name, [, http = '']]) => ({
    operation: operations.get(name),
    http,
  }));
  return { ...row, operations, routes: isRest ? makeRoutes(paths) : undefined };
}

/** The compiled models; a service's line is read when it is first called. */
export function openModels(folder = FOLDER): Models {
  const index = JSON.parse(readFileSync(`${folder}index.json`, 'utf8')) as ModelIndex;
  const read = new Map<string, readonly Service[]>();

  function readServices(signingName: string): readonly Service[] {
    const places = Object.hasOwn(index.signing, signingName) ? index.signing[signingName] : undefined;
    if (!places) return [];
    const file = openSync(`${folder}services.ndjson`, 'r');
    try {
      return places.map(([start, length]) => {
        const bytes = Buffer.alloc(length);
        readSync(file, bytes, 0, length, start);
        return serviceOf(JSON.parse(bytes.toString()) as ServiceRow);
      });
    } finally {
      closeSync(file);
    }
  }

  return {
    index,
    of(signingName) {
      const found = read.get(signingName) ?? readServices(signingName);
      if (found.length > 0) read.set(signingName, found);
      return found;
    },
  };
}
