import type { Operation, Service } from '../identify/read-models.ts';

/** Where a call goes on to. */
export type Upstream = {
  readonly protocol: 'http:' | 'https:';
  readonly hostname: string;
  readonly port: number;
  /** As the Host header has it, and as it is signed. */
  readonly host: string;
};

/** Names that a service's host has where it is not its prefix and the region: those of AWS's partition `aws`. */
const GLOBAL: Readonly<Record<string, string>> = {
  iam: 'iam.amazonaws.com',
  route53: 'route53.amazonaws.com',
  cloudfront: 'cloudfront.amazonaws.com',
  organizations: 'organizations.us-east-1.amazonaws.com',
  budgets: 'budgets.amazonaws.com',
  ce: 'ce.us-east-1.amazonaws.com',
  waf: 'waf.amazonaws.com',
  importexport: 'importexport.amazonaws.com',
  globalaccelerator: 'globalaccelerator.us-west-2.amazonaws.com',
  shield: 'shield.us-east-1.amazonaws.com',
  support: 'support.us-east-1.amazonaws.com',
};

const REGION = /^[a-z]{2}(?:-[a-z]+)+-\d{1,2}$/;
/** Partitions by what their regions begin with. */
const SUFFIXES: readonly (readonly [RegExp, string])[] = [
  [/^cn-/, 'amazonaws.com.cn'],
  [/^us-iso-/, 'c2s.ic.gov'],
  [/^us-isob-/, 'sc2s.sgov.gov'],
  [/^eusc-/, 'amazonaws.eu'],
];

/**
 * The host of a service in a region: of AWS's own names alone, made of the models and never of what a caller sent.
 * Undefined where the region is none.
 */
export function awsHost(service: Pick<Service, 'host'>, region: string): string | undefined {
  if (!REGION.test(region)) return undefined;
  const suffix = SUFFIXES.find(([pattern]) => pattern.test(region))?.[1] ?? 'amazonaws.com';
  if (suffix === 'amazonaws.com' && !region.startsWith('us-gov-')) {
    const known = Object.hasOwn(GLOBAL, service.host) ? GLOBAL[service.host] : undefined;
    if (known !== undefined) return known;
  }
  return `${service.host}.${region}.${suffix}`;
}

/** A host's prefix with its labels filled in; undefined where a label could be another host's. */
function prefixOf(
  { hostPrefix }: Operation,
  parameters: Readonly<Record<string, unknown>>,
): string | undefined {
  let isPlain = true;
  const prefix = hostPrefix.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = parameters[name];
    isPlain &&= typeof value === 'string' && /^[A-Za-z0-9-]{1,63}$/.test(value);
    return String(value);
  });
  return isPlain ? prefix : undefined;
}

/** Finds where a call goes: to AWS; or, in the sandbox, to the one endpoint that stands for all of it. */
export function makeUpstreams(endpoint: string | undefined) {
  const fixed = endpoint === undefined ? undefined : new URL(endpoint);
  return (
    service: Service,
    operation: Operation,
    parameters: Readonly<Record<string, unknown>>,
    region: string,
  ): Upstream | undefined => {
    if (fixed) {
      const { hostname, host, protocol } = fixed;
      const isPlain = protocol === 'http:';
      return {
        protocol: isPlain ? 'http:' : 'https:',
        hostname,
        host,
        port: Number(fixed.port) || (isPlain ? 80 : 443),
      };
    }
    const [host, prefix] = [awsHost(service, region), prefixOf(operation, parameters)];
    if (host === undefined || prefix === undefined) return undefined;
    return { protocol: 'https:', hostname: `${prefix}${host}`, host: `${prefix}${host}`, port: 443 };
  };
}
export type Upstreams = ReturnType<typeof makeUpstreams>;
