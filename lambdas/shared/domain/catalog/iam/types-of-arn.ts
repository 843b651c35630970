import type { ServiceData } from '../../../../../policy/data/service-data.ts';
import { partsAsWritten, somewhere } from './check-arn.ts';

type Pattern = {
  readonly type: string;
  /** As IAM writes it, with `${Region}` and the like. */
  readonly written: string;
  readonly resource: RegExp;
  readonly parts: ReturnType<typeof partsAsWritten>;
  /** How many characters are not open: of two kinds that fit an ARN, the one that says more is what it is of. */
  readonly literal: number;
};

const patterns = new WeakMap<ServiceData, readonly Pattern[]>();

function patternsOf(service: ServiceData): readonly Pattern[] {
  const known = patterns.get(service);
  if (known) return known;
  const made = Object.entries(service.resources).map(([type, [written]]): Pattern => {
    const parts = partsAsWritten(written);
    const source = parts.resource
      .split(/\$\{[^}]*\}/)
      .map((text) => text.replace(/[.*+?^$()[\]{}|\\/-]/g, '\\$&'))
      .join('.+');
    return {
      type,
      written,
      parts,
      resource: new RegExp(`^${source}$`, 's'),
      literal: parts.resource.replace(/\$\{[^}]*\}/g, '').length,
    };
  });
  patterns.set(service, made);
  return made;
}

const fitsPart = (written = '', value = ''): boolean =>
  written.startsWith('${') ? value !== '' : written === value;

/** The most specific of the kinds that fit. */
function mostSpecific(fitting: readonly Pattern[]): string[] {
  const most = Math.max(...fitting.map(({ literal }) => literal));
  return fitting.filter(({ literal }) => literal === most).map(({ type }) => type);
}

/**
 * The kinds of a service's resources that an ARN is of, by IAM's names for them. An index's ARN is of an index and not
 * of a table whose name has slashes.
 */
export function typesOfArn(arn: string, service: ServiceData): string[] {
  const { service: own, region, account, resource } = partsAsWritten(somewhere(arn));
  return mostSpecific(
    patternsOf(service).filter(
      (pattern) =>
        pattern.parts.service === own &&
        pattern.resource.test(resource) &&
        fitsPart(pattern.parts.region, region) &&
        fitsPart(pattern.parts.account, account),
    ),
  );
}

/** How ARNs of a kind of resource are written in a catalog. */
export function exampleOf(type: string, service: ServiceData): string {
  const [arn = ''] = service.resources[type] ?? [];
  return arn
    .replace('${Partition}', '${AWS§Partition}')
    .replace('${Region}', '${AWS§Region}')
    .replace('${Account}', '${AWS§AccountId}')
    .replace(/\$\{(?!AWS§)([^}]*)\}/g, (_, name: string) => name.toUpperCase())
    .replaceAll('§', '::');
}
