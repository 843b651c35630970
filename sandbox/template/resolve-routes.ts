import * as z from 'zod';
import { functionNameOf } from '../functions/function-host.ts';
import type { PresentResource } from './present-resources.ts';
import type { Resolver } from './resolve-values.ts';
import type { RouteSpec } from './types.ts';

/** The REST API's methods that are integrated with a function; mocks (CORS, say) are left out. */
export function routesOf(resources: PresentResource[], { identityOf }: Resolver): RouteSpec[] {
  const paths = pathsOf(resources, identityOf);
  return resources
    .filter(({ type }) => type === 'AWS::ApiGateway::Method')
    .flatMap(({ properties }) => {
      const uri = uriOf(properties.Integration);
      if (!uri?.includes(':function:')) return [];
      return {
        method: String(properties.HttpMethod),
        path: paths.get(String(properties.ResourceId)) ?? '/',
        functionName: functionNameOf(uri.replace(/\/invocations$/, '')),
        authorization: String(properties.AuthorizationType ?? 'NONE'),
      };
    });
}

/** Paths of the API's resources by their id; each resource knows its parent and its own part. */
function pathsOf(
  resources: PresentResource[],
  identityOf: Resolver['identityOf'],
): ReadonlyMap<string, string> {
  const parts = new Map(
    resources
      .filter(({ type }) => type === 'AWS::ApiGateway::Resource')
      .map(({ logicalId, properties }) => [
        identityOf(logicalId).ref,
        { part: String(properties.PathPart), parent: String(properties.ParentId) },
      ]),
  );
  const pathOf = (id: string): string => {
    const resource = parts.get(id);
    return resource ? `${pathOf(resource.parent)}/${resource.part}` : '';
  };
  return new Map([...parts.keys()].map((id) => [id, pathOf(id)]));
}

function uriOf(integration: unknown): string | undefined {
  if (typeof integration !== 'object' || integration === null || !('Uri' in integration)) return undefined;
  return String(integration.Uri);
}

const tokenRoutesSchema = z.object({ signed: z.array(z.string()), unsigned: z.array(z.string()) });

/** The calls that functions say, in their metadata, they answer to callers with tokens. */
export const tokenRoutesOf = (functions: PresentResource[], { identityOf }: Resolver): RouteSpec[] =>
  functions.flatMap(({ logicalId, metadata }) => {
    const routes = tokenRoutesSchema.safeParse(metadata['postern:token-routes']);
    if (!routes.success) return [];
    const functionName = identityOf(logicalId).ref;
    const routeOf = (authorization: string) => (call: string) => {
      const [method = '', path = ''] = call.split(' ');
      return { method, path, functionName, authorization };
    };
    return [...routes.data.signed.map(routeOf('JWT')), ...routes.data.unsigned.map(routeOf('NONE'))];
  });
