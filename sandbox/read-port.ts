import { ConfigError } from '../lambdas/shared/domain/config-error.ts';

/** The port that a variable of the environment names; the usual one where it is unset or empty. Throws ConfigError. */
export function readPort(env: Record<string, string | undefined>, name: string, usual: number): number {
  const text = env[name] || String(usual);
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new ConfigError('environment', undefined, `${name} must be a port number`);
}
