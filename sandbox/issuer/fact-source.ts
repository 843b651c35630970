import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFactSources } from '../../lambdas/shared/adapters/outside/read-fact-sources.ts';
import { type FactSources, factSourcesSchema } from '../../lambdas/shared/domain/outside/fact-sources.ts';

/** With what facts are signed here: the private half stays on this machine, as its principals' keys do. */
export type FactSourceAccess = {
  readonly source: string;
  readonly audience: string;
  readonly key: {
    readonly kty: 'OKP';
    readonly crv: 'Ed25519';
    readonly x: string;
    readonly d: string;
    readonly kid: string;
  };
};

const SOURCE = 'sandbox';
const AUDIENCE = 'postern-sandbox';

/** A source of the sandbox's own, with a key that is made anew at each start. */
export function makeFactSource() {
  const { x = '', d = '' } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  const publicKey = { kid: randomBytes(6).toString('hex'), kty: 'OKP' as const, crv: 'Ed25519' as const, x };
  const access: FactSourceAccess = { source: SOURCE, audience: AUDIENCE, key: { ...publicKey, d } };
  return { publicKey, access };
}

/** The sources whose facts the sandbox takes: those of the configuration, and its own, which may state anything. */
export function factSourcesOfSandbox(
  configDir: string,
  publicKey: ReturnType<typeof makeFactSource>['publicKey'],
): FactSources {
  const { version, audience, sources } = readFactSources(configDir);
  const states = (['onCall', 'openReference', 'incident'] as const).map((fact) => ({
    fact,
    values: ['*'],
    longestSeconds: 86_400,
  }));
  return factSourcesSchema.parse({
    version,
    audience: sources.length > 0 ? audience : AUDIENCE,
    sources: [...sources, { id: SOURCE, keys: [publicKey], states }],
  });
}
