import { functionNameOf } from '../functions/function-host.ts';
import type { PresentResource } from './present-resources.ts';
import type { Resolver } from './resolve-values.ts';
import type { WebSocketSpec } from './types.ts';

/** The WebSocket APIs, with the functions that their routes are integrated with. */
export function webSocketsOf(resources: PresentResource[], { identityOf }: Resolver): WebSocketSpec[] {
  const ofApi = (type: string, apiId: string) =>
    resources.filter((it) => it.type === `AWS::ApiGatewayV2::${type}` && it.properties.ApiId === apiId);
  return resources
    .filter(
      ({ type, properties }) => type === 'AWS::ApiGatewayV2::Api' && properties.ProtocolType === 'WEBSOCKET',
    )
    .map(({ logicalId }) => {
      const apiId = identityOf(logicalId).ref;
      const functions = new Map(
        ofApi('Integration', apiId).map(({ logicalId: id, properties }) => [
          `integrations/${identityOf(id).ref}`,
          functionNameOf(String(properties.IntegrationUri).replace(/\/invocations$/, '')),
        ]),
      );
      const routes = ofApi('Route', apiId).map(({ properties }): [string, string] => {
        const called = functions.get(String(properties.Target));
        if (!called) throw new Error(`the route ${properties.RouteKey} of ${logicalId} calls no function`);
        return [String(properties.RouteKey), called];
      });
      const [stage] = ofApi('Stage', apiId);
      return { apiId, stage: String(stage?.properties.StageName), routes: new Map(routes) };
    });
}
