import type { ResourceKind } from '../catalog.ts';
import type { IamData } from './iam-data.ts';
import { formOf } from './kind-forms.ts';
import { didYouMean, nearName } from './near-name.ts';

const PLACEHOLDERS = ['${AWS::Partition}', '${AWS::Region}', '${AWS::AccountId}'];
const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;

/** An ARN as it is written in a catalog, in its parts. Placeholders hold colons, so it is not split at each of them. */
export function partsAsWritten(arn: string) {
  const parts = arn.replace(/\$\{AWS::/g, '${AWS§').split(':');
  const [start, partition, service, region, account, ...rest] = parts.map((part) =>
    part.replaceAll('${AWS§', '${AWS::'),
  );
  return { start, partition, service, region, account, resource: rest.join(':') };
}

/** The same ARN in some place that there is, to hold its names to their forms. */
export const somewhere = (arn: string): string =>
  arn
    .replaceAll('${AWS::Partition}', 'aws')
    .replaceAll('${AWS::Region}', 'eu-central-1')
    .replaceAll('${AWS::AccountId}', '000000000000');

function problemOfPlaceholders(arn: string): string | undefined {
  const left = PLACEHOLDERS.reduce((text, placeholder) => text.replaceAll(placeholder, ''), arn);
  if (!left.includes('$')) return undefined;
  const [other] = /\$\{[^}]*\}/.exec(left) ?? [];
  if (other === undefined)
    return left.includes('${')
      ? 'holds a placeholder that is not closed; write its "}"'
      : 'holds a "$", which IAM would take for a variable';
  const near = nearName(other, PLACEHOLDERS);
  if (near) return `holds ${other}, which is no placeholder; write ${near}`;
  if (other.startsWith('${AWS'))
    return `holds ${other}, which is no placeholder; there are ${PLACEHOLDERS.join(', ')}`;
  return `holds ${other}, a variable of IAM whose value is the session's own; write the resource's name`;
}

function problemOfParts(arn: string): string | undefined {
  const { start, partition = '', service, region, account, resource } = partsAsWritten(arn);
  if (start !== 'arn' || service === undefined || account === undefined || resource === '')
    return 'is not a whole ARN: arn:partition:service:region:account:resource';
  if (partition !== '${AWS::Partition}' && !/^aws(-[a-z]+)*$/.test(partition))
    return `"${partition}" is no partition; write \${AWS::Partition}`;
  if (region && region !== '${AWS::Region}' && !REGION.test(region))
    return `"${region}" is no region; write \${AWS::Region}, or one like eu-central-1`;
  if (account && account !== '${AWS::AccountId}' && !/^\d{12}$/.test(account))
    return `"${account}" is no account; write \${AWS::AccountId}, or an account's twelve digits`;
  return undefined;
}

function problemOfResource(resource: string): string | undefined {
  if (/[^\x20-\xff]/.test(resource) || resource !== resource.trim())
    return 'holds a character that IAM takes in no policy, or white space at its end';
  if (resource.split('/').some((part) => part === '..' || part === '.'))
    return 'has a "." or ".." as a part of its name; SDKs take those out of a path, so nothing could be reached';
  return undefined;
}

/** Whether a kind's ARNs have a region and an account, or neither. */
function problemOfPlace(kind: ResourceKind, arn: string, example: string): string | undefined {
  const { region, account } = partsAsWritten(arn);
  const wanted = partsAsWritten(example);
  if (!wanted.region && (region || account))
    return `an ARN of a ${kind} has neither region nor account; write ${example}`;
  if (wanted.region && !(region && account))
    return `an ARN of a ${kind} has a region and an account; write ${example}`;
  return undefined;
}

/** What is wrong with an ARN of a kind as it is written, and what to write; undefined where nothing is. */
export function problemOfArn(kind: ResourceKind, arn: string, iam: IamData): string | undefined {
  const form = formOf(kind);
  const { service = '', resource } = partsAsWritten(arn);
  const common = problemOfPlaceholders(arn) ?? problemOfParts(arn);
  if (common) return common;
  if (form && service !== form.service)
    return `is an ARN of "${service}"; a ${kind} is written ${form.example}`;
  if (!form && iam.serviceOf(service) === undefined)
    return `"${service}" is no service of AWS${didYouMean(service, iam.services)}`;
  const name = problemOfResource(resource);
  if (name) return name;
  if (kind !== 's3-prefix' && /[:/]$/.test(resource))
    return "has an empty name; write the resource's name at its end";
  if (!form) return undefined;
  const place = problemOfPlace(kind, arn, form.example);
  if (place) return place;
  const filled = partsAsWritten(somewhere(arn)).resource;
  return form.resource.test(filled) ? undefined : `names no ${kind}; write ${form.example}`;
}
