import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../infra/settings.ts';
import { ConfigError } from '../../lambdas/shared/domain/config-error.ts';
import type { CfnTemplate } from '../../sandbox/template/types.ts';
import { synthOnce } from '../support/synth-once.ts';
import { template } from '../support/template.ts';
import { issuers } from '../support/three-issuers.ts';

const ofType = ({ Resources }: CfnTemplate, type: string) =>
  Object.entries(Resources).filter(([, { Type }]) => Type === type);
const withIssuers = () => synthOnce({ demo: false, settings: DEFAULT_SETTINGS, issuers });

test('without an issuer to sign in with there is no door for tokens', () => {
  expect(ofType(template(), 'AWS::ApiGatewayV2::Api')).toEqual([]);
});

test('each issuer has a door of its own, whose authorizer takes its tokens for signing in', () => {
  const authorizers = ofType(withIssuers(), 'AWS::ApiGatewayV2::Authorizer').map(
    ([id, { Properties = {} }]) => ({
      id,
      ...(Properties.JwtConfiguration as { Issuer: string; Audience: string[] }),
    }),
  );
  expect(authorizers.map(({ Issuer, Audience }) => [Issuer, Audience])).toEqual([
    ['https://login.bank.example', ['postern', 'cli']],
    ['https://token.actions.githubusercontent.com', ['postern']],
  ]);
  const idOf = new Map(authorizers.map(({ id, Issuer }) => [Issuer, id]));
  const routes = ofType(withIssuers(), 'AWS::ApiGatewayV2::Route').map(
    ([, { Properties = {} }]) => Properties,
  );
  const door = Object.values(template().Resources).find(
    ({ Properties }) => Properties?.FunctionName === 'postern-token-door',
  );
  const signed = door?.Metadata?.['postern:token-routes'] as { signed: string[] } | undefined;
  expect(signed?.signed.length).toBeGreaterThan(5);
  for (const [name, issuer] of [
    ['login', 'https://login.bank.example'],
    ['github', 'https://token.actions.githubusercontent.com'],
  ] as const) {
    const own = routes.filter(({ RouteKey }) => String(RouteKey).includes(` /${name}/`));
    const open = own.filter(({ AuthorizationType }) => AuthorizationType !== 'JWT');
    expect(open.map(({ RouteKey }) => RouteKey).sort()).toEqual([
      `GET /${name}/healthz`,
      `GET /${name}/openapi.json`,
    ]);
    for (const route of own.filter(({ AuthorizationType }) => AuthorizationType === 'JWT'))
      expect(route.AuthorizerId).toEqual({ Ref: idOf.get(issuer) });
    for (const call of signed?.signed ?? [])
      expect(own.map(({ RouteKey }) => RouteKey)).toContain(call.replace(' /', ` /${name}/`));
  }
  expect(routes.some(({ RouteKey }) => String(RouteKey).includes('/app/'))).toBe(false);
});

test('the door is throttled, and its log holds neither tokens nor claims', () => {
  const [[, stage] = []] = ofType(withIssuers(), 'AWS::ApiGatewayV2::Stage');
  expect(stage?.Properties?.DefaultRouteSettings).toMatchObject({
    ThrottlingRateLimit: 25,
    ThrottlingBurstLimit: 50,
  });
  const log = stage?.Properties?.AccessLogSettings as { Format: string } | undefined;
  expect(log?.Format).toContain('requestId');
  expect(log?.Format).not.toMatch(/authori[sz]|header/i);
});

test('a private API has no door on the internet that nobody agreed to', () => {
  const settings = { ...DEFAULT_SETTINGS, vpcEndpointId: 'vpce-0123456789abcdef0' };
  expect(() => synthOnce({ demo: false, settings, issuers })).toThrow(ConfigError);
  const agreed = { ...settings, publicTokenDoor: true };
  expect(() => synthOnce({ demo: false, settings: agreed, issuers })).not.toThrow();
});
