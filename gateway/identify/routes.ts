import type { Member } from './model.ts';

type Routed = { readonly name: string; readonly members: readonly Member[] };

/** One operation's way in, by the REST protocols. */
type Route = {
  readonly operation: Routed;
  readonly path: RegExp;
  readonly labels: readonly string[];
  /** Query parameters that the URI itself has: `?acl`, `?list-type=2`. */
  readonly constants: readonly (readonly [name: string, value: string])[];
  readonly neededQuery: readonly string[];
  readonly neededHeaders: readonly string[];
  readonly query: ReadonlySet<string>;
  readonly takesAnyQuery: boolean;
  readonly weight: number;
};

export type RestParts = {
  readonly method: string;
  /** As it stands in the request line, still encoded. */
  readonly path: string;
  readonly query: ReadonlyMap<string, readonly string[]>;
  readonly headers: ReadonlyMap<string, string>;
};

export type FoundRoute = { readonly operation: string; readonly labels: ReadonlyMap<string, string> };
export type Routes = (parts: RestParts) => FoundRoute | 'ambiguous' | undefined;

/** What clients add to a query that says nothing of the operation. */
const OF_CLIENTS = new Set(['x-id']);

const escaped = (text: string) => text.replace(/[.*+?^$()|[\]\\{}]/g, '\\$&');

/** Writes a URI template as an expression; `{Key+}` takes slashes too. */
function readTemplate(template: string): { path: RegExp; labels: string[]; fixed: number; greedy: number } {
  const labels: string[] = [];
  let [fixed, greedy] = [0, 0];
  const parts = template.replace(/(?<=.)\/$/, '').split(/(\{[^}]+\})/);
  const source = parts.map((part) => {
    const [, name, plus] = /^\{(.+?)(\+)?\}$/.exec(part) ?? [];
    if (name === undefined) {
      fixed += part.length;
      return escaped(part);
    }
    labels.push(name);
    greedy += plus ? 1 : 0;
    return plus ? '(.+)' : '([^/]+)';
  });
  return { path: new RegExp(`^${source.join('')}/?$`, 's'), labels, fixed, greedy };
}

function routeOf(operation: Routed, uri: string): Route {
  const [template = '/', constantText = ''] = uri.split('?');
  const { path, labels, fixed, greedy } = readTemplate(template);
  const constants = [...new URLSearchParams(constantText)];
  const inPlace = (place: string) => operation.members.filter((member) => member.place === place);
  const needed = (place: string) => inPlace(place).filter(({ isRequired }) => isRequired);
  const neededQuery = needed('q').map(({ wire }) => wire);
  const neededHeaders = needed('h').map(({ wire }) => wire.toLowerCase());
  return {
    operation,
    path,
    labels,
    constants,
    neededQuery,
    neededHeaders,
    query: new Set([...inPlace('q').map(({ wire }) => wire), ...constants.map(([name]) => name)]),
    takesAnyQuery: inPlace('m').length > 0,
    weight:
      constants.length * 1000 + neededQuery.length * 100 + neededHeaders.length * 50 + fixed - greedy * 5,
  };
}

function labelsOf({ path, labels }: Route, sent: string): ReadonlyMap<string, string> | undefined {
  const found = path.exec(sent);
  if (!found) return undefined;
  try {
    return new Map(labels.map((name, place) => [name, decodeURIComponent(found[place + 1] ?? '')]));
  } catch {
    return undefined;
  }
}

/** Whether a route's own query parameters are there, all that it needs, and nothing that it does not know. */
function takesQuery(route: Route, { query, headers }: RestParts): boolean {
  for (const [name, value] of route.constants) {
    const sent = query.get(name);
    if (sent?.length !== 1 || (value !== '' && sent[0] !== value)) return false;
  }
  if (!route.neededQuery.every((name) => query.has(name))) return false;
  if (!route.neededHeaders.every((name) => headers.has(name))) return false;
  if (route.takesAnyQuery) return true;
  return [...query.keys()].every((name) => route.query.has(name) || OF_CLIENTS.has(name));
}

/** What a call must have in its query and headers, beside its path. */
const needsOf = (operation: Routed | undefined): string[] =>
  (operation?.members ?? [])
    .filter(({ place, isRequired }) => isRequired && (place === 'q' || place === 'h'))
    .map(({ wire }) => wire.toLowerCase())
    .sort();

/** Older names of the same call, and one that signs for another service, are left out. */
function withoutAliases<Path extends { operation: Routed | undefined; http: string }>(
  paths: readonly Path[],
): Path[] {
  const byHttp = Map.groupBy(paths, ({ operation, http }) => `${http} ${needsOf(operation).join()}`);
  const isNewer = ({ operation }: Path) => operation?.name.endsWith('Configuration') ?? false;
  return [...byHttp.values()].flatMap((alike) => alike.find(isNewer) ?? alike.slice(0, 1));
}

/**
 * Finds the operation of a REST call. Where two fit equally well it is ambiguous; a query parameter that the operation
 * does not have fits none, since S3 would take it for another operation's.
 */
export function makeRoutes(paths: readonly { operation: Routed | undefined; http: string }[]): Routes {
  const byMethod = new Map<string, Route[]>();
  for (const { operation, http } of withoutAliases(paths)) {
    if (!operation || http === '') continue;
    const blank = http.indexOf(' ');
    const method = http.slice(0, blank);
    const routes = byMethod.get(method) ?? [];
    routes.push(routeOf(operation, http.slice(blank + 1)));
    byMethod.set(method, routes);
  }
  for (const routes of byMethod.values()) routes.sort((left, right) => right.weight - left.weight);

  return (parts) => {
    let best: { route: Route; labels: ReadonlyMap<string, string> } | undefined;
    for (const route of byMethod.get(parts.method) ?? []) {
      if (best && route.weight < best.route.weight) break;
      if (!takesQuery(route, parts)) continue;
      const labels = labelsOf(route, parts.path);
      if (!labels) continue;
      if (best) return 'ambiguous';
      best = { route, labels };
    }
    return best && { operation: best.route.operation.name, labels: best.labels };
  };
}
