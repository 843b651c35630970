import type { Operation, Service } from '../identify/read-models.ts';

/** Where a call goes on to. */
export type Upstream = {
  readonly protocol: 'http:' | 'https:';
  readonly hostname: string;
  readonly port: number;
  /** As the Host header has it, and as it is signed. */
  readonly host: string;
  /** The region that is signed for. */
  readonly region: string;
};

type Place = { readonly host: string; readonly region: string };
const inVirginia = (host: string): Place => ({ host, region: 'us-east-1' });

/**
 * Services of AWS's partition `aws` that have one place for all regions. Clients that have an endpoint set sign for
 * their own region; AWS takes only a signature for the service's.
 */
const GLOBAL: Readonly<Record<string, Place>> = {
  iam: inVirginia('iam.amazonaws.com'),
  route53: inVirginia('route53.amazonaws.com'),
  cloudfront: inVirginia('cloudfront.amazonaws.com'),
  organizations: inVirginia('organizations.us-east-1.amazonaws.com'),
  budgets: inVirginia('budgets.amazonaws.com'),
  ce: inVirginia('ce.us-east-1.amazonaws.com'),
  waf: inVirginia('waf.amazonaws.com'),
  importexport: inVirginia('importexport.amazonaws.com'),
  globalaccelerator: { host: 'globalaccelerator.us-west-2.amazonaws.com', region: 'us-west-2' },
  shield: inVirginia('shield.us-east-1.amazonaws.com'),
  support: inVirginia('support.us-east-1.amazonaws.com'),
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
 * Where a service is for a region: of AWS's own names alone, made of the models and never of what a caller sent.
 * Undefined where the region is none.
 */
export function awsPlace(service: Pick<Service, 'host'>, region: string): Place | undefined {
  if (!REGION.test(region)) return undefined;
  const suffix = SUFFIXES.find(([pattern]) => pattern.test(region))?.[1] ?? 'amazonaws.com';
  if (suffix === 'amazonaws.com' && !region.startsWith('us-gov-')) {
    const known = Object.hasOwn(GLOBAL, service.host) ? GLOBAL[service.host] : undefined;
    if (known !== undefined) return known;
  }
  return { host: `${service.host}.${region}.${suffix}`, region };
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
        region,
        port: Number(fixed.port) || (isPlain ? 80 : 443),
      };
    }
    const [place, prefix] = [awsPlace(service, region), prefixOf(operation, parameters)];
    if (place === undefined || prefix === undefined) return undefined;
    const host = `${prefix}${place.host}`;
    return { protocol: 'https:', hostname: host, host, region: place.region, port: 443 };
  };
}
export type Upstreams = ReturnType<typeof makeUpstreams>;
