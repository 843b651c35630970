import type { RouteSpec } from '../template/types.ts';

export type FoundRoute =
  | { readonly kind: 'route'; readonly route: RouteSpec; readonly parameters: Record<string, string> }
  | { readonly kind: 'no_method'; readonly allow: string[] }
  | { readonly kind: 'no_path' };

function parametersOf(pattern: string, path: string): Record<string, string> | undefined {
  const names = pattern.split('/');
  const parts = path.split('/');
  if (names.length !== parts.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, name] of names.entries()) {
    const part = parts[index] ?? '';
    const parameter = /^\{(\w+)\}$/.exec(name)?.[1];
    if (parameter ? part === '' : name !== part) return undefined;
    if (parameter) parameters[parameter] = decodeSafely(part);
  }
  return parameters;
}

function decodeSafely(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The template's route for a method and a path, as API Gateway would match it. */
export function findRoute(routes: readonly RouteSpec[], method: string, path: string): FoundRoute {
  const onPath = routes.flatMap((route) => {
    const parameters = parametersOf(route.path, path);
    return parameters ? [{ kind: 'route' as const, route, parameters }] : [];
  });
  if (onPath.length === 0) return { kind: 'no_path' };
  const found = onPath.find(({ route }) => route.method === method);
  return found ?? { kind: 'no_method', allow: onPath.map(({ route }) => route.method) };
}
