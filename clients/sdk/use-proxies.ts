import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { rootCertificates } from 'node:tls';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { PosternError } from './postern-error.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const PROXY_VARIABLES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'];

/** Whether the environment names a proxy. */
export const namesProxy = (env: Environment = process.env): boolean =>
  PROXY_VARIABLES.some((name) => Boolean(env[name]));

const isPlain = (env: Environment): boolean => !namesProxy(env) && !env.AWS_CA_BUNDLE;

function readAuthorities(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    const detail = `The certificates of ${file} cannot be read: check AWS_CA_BUNDLE and NODE_EXTRA_CA_CERTS.`;
    throw new PosternError({ code: 'no_certificates', detail });
  }
}

/** The public authorities and those of `AWS_CA_BUNDLE`. Node itself adds those of `NODE_EXTRA_CA_CERTS`. */
function authoritiesOf({ AWS_CA_BUNDLE, NODE_EXTRA_CA_CERTS }: Environment): string[] | undefined {
  if (!AWS_CA_BUNDLE) return undefined;
  const files = [AWS_CA_BUNDLE, ...(NODE_EXTRA_CA_CERTS ? [NODE_EXTRA_CA_CERTS] : [])];
  return [...rootCertificates, ...files.map(readAuthorities)];
}

/** One for each environment that was met: its connections are shared, and the authorities, a few megabytes, are read once. */
const fetches = new Map<string, typeof globalThis.fetch>();
const MOST_ENVIRONMENTS = 8;
const VARIABLES = [...PROXY_VARIABLES, 'NO_PROXY', 'no_proxy', 'AWS_CA_BUNDLE', 'NODE_EXTRA_CA_CERTS'];
const nameOf = (env: Environment): string => JSON.stringify(VARIABLES.map((name) => env[name] ?? null));

/**
 * `fetch` as the environment has it: `HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY` and `AWS_CA_BUNDLE` count, on every
 * Node.js from 20 on, whose own `fetch` knows none of them. Node's own is answered where none is set.
 */
export async function networkFetch(env: Environment = process.env): Promise<typeof globalThis.fetch> {
  if (isPlain(env)) return globalThis.fetch;
  const known = fetches.get(nameOf(env));
  if (known) return known;
  const made = await makeFetch(env);
  if (fetches.size >= MOST_ENVIRONMENTS) fetches.clear();
  fetches.set(nameOf(env), made);
  return made;
}

async function makeFetch(env: Environment): Promise<typeof globalThis.fetch> {
  // Loaded where it is needed alone. As CommonJS, it has nothing but a default once it is bundled.
  const { EnvHttpProxyAgent, fetch } = (await import('undici')).default;
  const ca = authoritiesOf(env);
  const httpProxy = env.http_proxy || env.HTTP_PROXY;
  const httpsProxy = env.https_proxy || env.HTTPS_PROXY;
  const noProxy = env.no_proxy || env.NO_PROXY;
  const dispatcher = new EnvHttpProxyAgent({
    ...(httpProxy && { httpProxy }),
    ...(httpsProxy && { httpsProxy }),
    ...(noProxy && { noProxy }),
    // As every other tool does: what is not encrypted is handed to the proxy, the rest goes through it.
    proxyTunnel: false,
    ...(ca && { connect: { ca }, requestTls: { ca }, proxyTls: { ca } }),
  });
  const proxied = (input: string | URL, init: object = {}) => fetch(input, { ...init, dispatcher });
  return proxied as unknown as typeof globalThis.fetch;
}

/**
 * The same for an AWS SDK client: its agent goes by the environment on the versions of Node.js that can (22.21, 24.5
 * and later); on older ones `AWS_CA_BUNDLE` alone counts there.
 * @see https://nodejs.org/api/http.html#built-in-proxy-support
 */
export function proxiedHandler(env: Environment): { requestHandler?: NodeHttpHandler } {
  if (isPlain(env)) return {};
  const ca = authoritiesOf(env);
  const options = { keepAlive: true, proxyEnv: env as NodeJS.ProcessEnv, ...(ca && { ca }) };
  return { requestHandler: new NodeHttpHandler({ httpsAgent: new Agent(options) }) };
}
