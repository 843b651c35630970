import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Member, type ModelIndex, type OperationRow, readMembers, type ServiceRow } from './model.ts';
import { makeRoutes, type Routes } from './routes.ts';
import { openShapes, type ServiceShapes, type ShapesRow } from './shapes.ts';

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
  /** Whether the model calls a member of its answer sensitive. */
  readonly answersSensitive: boolean;
  /** The ids that it answers and that no parameter says. */
  readonly made: readonly string[];
  /** Paths of texts within other parameters that say what the call is on, each after the placeholder that it fills. */
  readonly within: readonly (readonly [placeholder: string, path: string])[];
};

/** A service, and how its operations are found. */
export type Service = Omit<ServiceRow, 'operations'> & {
  readonly operations: ReadonlyMap<string, Operation>;
  /** Of the REST protocols; undefined of the others. */
  readonly routes: Routes | undefined;
  /** The shapes of its answers and of what is sensitive in its requests; read when they are first asked for. */
  readonly shapes: () => ServiceShapes;
};

export type Models = {
  /** The services that go by this name in a signature; none where AWS has no such service. */
  of(signingName: string): readonly Service[];
  readonly index: ModelIndex;
};

const FOLDER = fileURLToPath(new URL('./data/', import.meta.url));

function operationOf(
  name: string,
  [members, , flags = '', hostPrefix = '', made = '', within = '']: OperationRow,
): Operation {
  return {
    name,
    members: readMembers(members),
    answersCredentials: flags.includes('c'),
    answersEvents: flags.includes('e'),
    answersStream: flags.includes('S'),
    isUnsigned: flags.includes('n'),
    hostPrefix,
    answersSensitive: flags.includes('s'),
    made: made === '' ? [] : made.split(' '),
    within: within === '' ? [] : within.split(' ').map((each) => each.split(':') as [string, string]),
  };
}

function serviceOf({ operations: rows, ...row }: ServiceRow, shapes: () => ServiceShapes): Service {
  const operations = new Map(Object.entries(rows).map(([name, each]) => [name, operationOf(name, each)]));
  const isRest = row.protocols.some((protocol) => protocol.startsWith('rest'));
  const paths = Object.entries(rows).map(([name, [, http = '']]) => ({
    operation: operations.get(name),
    http,
  }));
  return { ...row, operations, routes: isRest ? makeRoutes(paths) : undefined, shapes };
}

function readLine<Row>(path: string, start: number, length: number): Row {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(length);
    readSync(file, bytes, 0, length, start);
    return JSON.parse(bytes.toString()) as Row;
  } finally {
    closeSync(file);
  }
}

/** The compiled models; a service's line is read when it is first called. */
export function openModels(folder = FOLDER): Models {
  const index = JSON.parse(readFileSync(`${folder}index.json`, 'utf8')) as ModelIndex;
  const read = new Map<string, readonly Service[]>();

  function readServices(signingName: string): readonly Service[] {
    const places = Object.hasOwn(index.signing, signingName) ? index.signing[signingName] : undefined;
    return (places ?? []).map(([start, length, shapesStart, shapesLength]) => {
      let shapes: ServiceShapes | undefined;
      return serviceOf(readLine<ServiceRow>(`${folder}services.ndjson`, start, length), () => {
        shapes ??= openShapes(readLine<ShapesRow>(`${folder}shapes.ndjson`, shapesStart, shapesLength));
        return shapes;
      });
    });
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
