import { fillTemplate, openPlaceholders, type Place, readArn } from './arn-template.ts';
import type { IamService } from './open-iam-data.ts';

/** Resources whose ARN cannot be made of a name alone: an id or an alias stands in it that the call does not say. */
const NOT_BY_NAME = /WithPath$|UniqueId$|UniqueName$|GroupFriendlyName$|^(?:AutoScalingGroupId|PolicyId)$/;

/** A name as it may stand in an ARN: no wildcard, nothing that would end a part of it. */
export const isPlain = (text: string): boolean => /^[\w+=,.@/#-]{1,1024}$/.test(text) && !text.includes('..');

/** A template with the names that were said; undefined where one cannot stand in an ARN as it is. */
export function fillNames(
  template: string,
  said: ReadonlyMap<string, string>,
  iam: IamService,
  place: Place,
): string | undefined {
  const values = new Map<string, string>();
  for (const [name, text] of said) {
    const value = text.startsWith('arn:')
      ? nameInArn(name, text, iam, place)
      : nameIn(iam.prefix, name, text);
    if (value === undefined || !isPlain(value)) return undefined;
    values.set(name, value);
  }
  return fillTemplate(template, place, (name) => values.get(name) ?? '');
}

/** The name within an ARN of a kind that has this placeholder and no other: a service's cluster, by the cluster's ARN. */
function nameInArn(placeholder: string, arn: string, iam: IamService, place: Place): string | undefined {
  for (const [template] of Object.values(iam.resources)) {
    const open = openPlaceholders(template);
    const read = open.length === 1 && open[0] === placeholder ? readArn(template, arn) : undefined;
    if (!read) continue;
    const isHere =
      (read.get('Region') ?? place.region) === place.region &&
      (read.get('Account') ?? place.account) === place.account;
    return isHere ? read.get(placeholder) : undefined;
  }
  return undefined;
}

/** A parameter's text as the ARN has it. */
function nameIn(prefix: string, placeholder: string, text: string): string | undefined {
  if (NOT_BY_NAME.test(placeholder)) return undefined;
  if (prefix === 'sqs') return /^https?:/.test(text) ? undefined : text;
  // The ARN of a provider has its URL without the scheme.
  if (prefix === 'iam' && placeholder === 'OidcProviderName') return text.replace(/^https:\/\//, '');
  // Stored in lower case, whatever the call has.
  if (prefix === 'rds') return text.toLowerCase();
  if (prefix === 'ssm') return text.replace(/^\//, '');
  // An alias is another resource than the key it stands for.
  if (prefix === 'kms' && placeholder === 'KeyId') return text.startsWith('alias/') ? undefined : text;
  // Six characters that nobody but AWS knows end a secret's ARN.
  if (prefix === 'secretsmanager') return `${text}-??????`.replace(/\?/g, '_');
  if (prefix === 'lambda' && placeholder === 'FunctionName')
    return /^[A-Za-z0-9_-]+$/.test(text) ? text : undefined;
  // `family:12`. Of a family alone AWS takes the newest revision, which the call does not say.
  if (prefix === 'ecs' && placeholder.includes('TaskDefinition')) {
    const [, family, revision] = /^([\w-]+)(?::(\d+))?$/.exec(text) ?? [];
    return placeholder.endsWith('FamilyName') ? family : revision;
  }
  return text;
}
