import { expect, test } from 'vitest';
import { synthTemplate } from '../../infra/app.ts';
import { DEFAULT_SETTINGS, parseSettings } from '../../infra/settings.ts';
import { parseIssuers } from '../../lambdas/shared/adapters/config/read-issuers.ts';
import { ConfigError } from '../../lambdas/shared/domain/config-error.ts';
import { resolveTemplate } from '../../sandbox/template/resolve-template.ts';
import type { CfnTemplate } from '../../sandbox/template/types.ts';
import { synthOnce } from '../support/synth-once.ts';
import { template } from '../support/template.ts';

const issuers = parseIssuers(
  JSON.stringify({
    version: 1,
    issuers: [
      {
        name: 'login',
        issuer: 'https://login.bank.example',
        signIn: { audiences: ['postern'] },
        consoleClients: ['pages'],
      },
      { name: 'app', issuer: 'https://app.example', subjects: { audiences: ['app'] } },
    ],
  }),
);
const settings = { ...DEFAULT_SETTINGS, console: { issuer: 'login', clientId: 'pages', scope: 'openid' } };
const withConsole = (): CfnTemplate => synthOnce({ demo: false, settings, issuers });
const functionOf = ({ Resources }: CfnTemplate) =>
  Object.values(Resources).find(({ Properties }) => Properties?.FunctionName === 'postern-console');

test('without the setting there is no console', () => {
  expect(functionOf(template())).toBeUndefined();
  expect(
    Object.values(template().Resources).some(({ Properties }) => Properties?.Name === 'postern/console'),
  ).toBe(false);
});

test('its role may log, trace, and read what its cookies are sealed with; nothing else', () => {
  const { roles } = resolveTemplate(withConsole(), { accountId: '123456789012', region: 'eu-central-1' });
  const role = roles.find(({ name }) => name === 'postern-console');
  const statements = (role?.policies ?? []).flatMap(
    ({ document }) =>
      document.Statement as {
        Effect: string;
        Action: string | string[];
        Resource: unknown;
        Condition?: object;
      }[],
  );
  const allowed = statements.map(({ Effect, Action, Resource, Condition }) => [
    Effect,
    [Action].flat().join(' '),
    JSON.stringify(Resource)
      .replace(/-[A-Za-z0-9]{6}"/, '"')
      .replace(/key\/[^"]+/, 'key/…'),
    ...(Condition ? [JSON.stringify(Condition)] : []),
  ]);
  expect(allowed).toEqual([
    ['Allow', 'secretsmanager:GetSecretValue', expect.stringContaining('postern/console')],
    ['Allow', 'kms:Decrypt', expect.stringContaining('key/'), expect.stringContaining('secretsmanager')],
    ['Allow', 'logs:CreateLogStream logs:PutLogEvents', expect.stringMatching(/log-group:.*console/i)],
    ['Allow', 'xray:PutTraceSegments xray:PutTelemetryRecords', '"*"'],
  ]);
});

test('its cookies’ key is made there, and named to nobody else', () => {
  const { Resources } = withConsole();
  const [id, secret] =
    Object.entries(Resources).find(([, { Properties }]) => Properties?.Name === 'postern/console') ?? [];
  expect(secret?.Properties).toMatchObject({ GenerateSecretString: { PasswordLength: 64 } });
  const knowing = Object.values(Resources)
    .filter(
      ({ Type, Properties }) =>
        /Function$|Role$/.test(Type) && JSON.stringify(Properties).includes(`"${id}"`),
    )
    .map(({ Properties }) => Properties?.FunctionName ?? Properties?.RoleName);
  expect(knowing.sort()).toEqual(['postern-console', 'postern-console']);
});

test('it is told the door of its issuer, and an HTTP API hands it every call', () => {
  const { Resources } = withConsole();
  const { Variables = {} } = (functionOf(withConsole())?.Properties?.Environment ?? {}) as {
    Variables?: Record<string, unknown>;
  };
  expect(Variables).toMatchObject({
    ISSUER: 'https://login.bank.example',
    CLIENT_ID: 'pages',
    SCOPE: 'openid',
  });
  expect(JSON.stringify(Variables.TOKEN_API_URL)).toContain('login');
  const routes = Object.values(Resources).flatMap(({ Type, Properties }) =>
    Type === 'AWS::ApiGatewayV2::Route' && Properties?.AuthorizationType === 'NONE'
      ? [Properties.RouteKey]
      : [],
  );
  expect(routes).toContain('ANY /{proxy+}');
});

test.each(['nobody', 'app'])('an issuer that nobody signs in with is refused: %s', (issuer) => {
  const wrong = { ...settings, console: { ...settings.console, issuer } };
  expect(() => synthTemplate({ demo: false, settings: wrong, issuers })).toThrow(ConfigError);
});

test('a client whose tokens would claim keys is refused', () => {
  const wrong = { ...settings, console: { ...settings.console, clientId: 'another' } };
  expect(() => synthTemplate({ demo: false, settings: wrong, issuers })).toThrow(/consoleClients of login/);
});

test.each([
  [{ issuer: 'login' }],
  [{ issuer: 'login', clientId: '' }],
  [{ issuer: 'login', clientId: 'x', url: 'http://postern.bank.example' }],
  [{ issuer: 'login', clientId: 'x', url: 'https://postern.bank.example/pages' }],
])('a setting that is no console is refused: %j', (wrong) => {
  expect(() => parseSettings(JSON.stringify({ console: wrong }))).toThrow(/deployment\.json/);
});
