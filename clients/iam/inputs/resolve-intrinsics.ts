import type { TemplateResource, TemplateValue, World } from './template-value.ts';

/** Stands for the account that a template is deployed into: a number, since principals take nothing else. */
export const TEMPLATE_ACCOUNT = '000000000000';

/** The ARN of a resource that the template makes, with what is not known as a variable. */
const ARN_OF: Readonly<Record<string, (name: string) => string>> = {
  'AWS::IAM::Role': (name) => `arn:aws:iam::${TEMPLATE_ACCOUNT}:role/${name}`,
  'AWS::IAM::User': (name) => `arn:aws:iam::${TEMPLATE_ACCOUNT}:user/${name}`,
  'AWS::IAM::Group': (name) => `arn:aws:iam::${TEMPLATE_ACCOUNT}:group/${name}`,
  'AWS::IAM::ManagedPolicy': (name) => `arn:aws:iam::${TEMPLATE_ACCOUNT}:policy/${name}`,
  'AWS::S3::Bucket': (name) => `arn:aws:s3:::${name}`,
  'AWS::DynamoDB::Table': (name) => placed('dynamodb', `table/${name}`),
  'AWS::DynamoDB::GlobalTable': (name) => placed('dynamodb', `table/${name}`),
  'AWS::SQS::Queue': (name) => placed('sqs', name),
  'AWS::SNS::Topic': (name) => placed('sns', name),
  'AWS::Lambda::Function': (name) => placed('lambda', `function:${name}`),
  'AWS::KMS::Key': (name) => placed('kms', `key/${name}`),
  'AWS::Logs::LogGroup': (name) => placed('logs', `log-group:${name}:*`),
  'AWS::SecretsManager::Secret': (name) => placed('secretsmanager', `secret:${name}`),
  'AWS::StepFunctions::StateMachine': (name) => placed('states', `stateMachine:${name}`),
  'AWS::Kinesis::Stream': (name) => placed('kinesis', `stream/${name}`),
  'AWS::Events::EventBus': (name) => placed('events', `event-bus/${name}`),
  'AWS::ECR::Repository': (name) => placed('ecr', `repository/${name}`),
};

/** Resources whose `Ref` is their ARN. */
const REF_IS_ARN = new Set([
  'AWS::IAM::ManagedPolicy',
  'AWS::SNS::Topic',
  'AWS::SecretsManager::Secret',
  'AWS::StepFunctions::StateMachine',
]);

const variable = (name: string): string => `\${template:${name.replace(/[^\w.:-]/g, '_')}}`;
const placed = (service: string, rest: string): string =>
  `arn:aws:${service}:${variable('Region')}:${TEMPLATE_ACCOUNT}:${rest}`;

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::AccountId': TEMPLATE_ACCOUNT,
  'AWS::Region': variable('Region'),
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::NoValue': '',
  'AWS::StackName': variable('StackName'),
  'AWS::StackId': variable('StackId'),
};

const isFunction = (value: object): value is Record<string, TemplateValue> => Object.keys(value).length === 1;

const isChoice = (value: TemplateValue | undefined): boolean =>
  typeof value === 'object' && value !== null && Array.isArray((value as Record<string, unknown>)['Fn::If']);

/** Stands where nothing does. */
const isNoValue = (value: TemplateValue): boolean =>
  typeof value === 'object' && value !== null && 'Ref' in value && value.Ref === 'AWS::NoValue';

/**
 * Puts texts in place of a template's functions: what is known is filled in, what a deployment would decide stays open
 * as a variable of the policy, so that a proof takes it for any text. Functions that nobody knows become such a
 * variable too, named after them. In a `world`, conditions have come to what they do there; without one, both sides of
 * each count.
 */
export function makeResolver(resources: Readonly<Record<string, TemplateResource>>, world?: World) {
  const nameOf = (id: string): string => variable(id);

  function refOf(id: string): string {
    const pseudo = PSEUDO[id];
    if (pseudo !== undefined) return pseudo;
    const type = resources[id]?.Type ?? '';
    return REF_IS_ARN.has(type) ? arnOf(id) : nameOf(id);
  }

  function arnOf(id: string): string {
    const type = resources[id]?.Type ?? '';
    const known = ARN_OF[type];
    // A role stands as a principal too, where no variable may stand: its logical id is its name.
    if (known) return known(/^AWS::IAM::/.test(type) ? id : nameOf(id));
    const service = type.split('::')[1]?.toLowerCase() ?? 'unknown';
    return placed(service, nameOf(id));
  }

  const attribute = (id: string, name: string): string =>
    /(?:^|\.)Arn$/.test(name) ? arnOf(id) : variable(`${id}.${name}`);

  function substitute(text: string, own: Readonly<Record<string, TemplateValue>>): string {
    return text.replace(/\$\{([^}]*)\}/g, (_, inside: string) => {
      if (inside.startsWith('!')) return `\${${inside.slice(1)}}`;
      if (Object.hasOwn(own, inside)) return textOf(own[inside] as TemplateValue);
      const [id = '', ...rest] = inside.split('.');
      return rest.length > 0 ? attribute(id, rest.join('.')) : refOf(inside);
    });
  }

  function textOf(value: TemplateValue): string {
    const resolved = resolve(value);
    return typeof resolved === 'string'
      ? resolved
      : typeof resolved === 'object'
        ? variable('value')
        : String(resolved);
  }

  function call(name: string, argument: TemplateValue): TemplateValue {
    switch (name) {
      case 'Ref':
        return refOf(String(argument));
      case 'Fn::GetAtt': {
        const [id = '', ...rest] =
          typeof argument === 'string' ? argument.split('.') : [argument].flat().map(String);
        return attribute(id, rest.join('.'));
      }
      case 'Fn::Sub': {
        const [text, own = {}] = [argument].flat();
        return substitute(String(text), own as Record<string, TemplateValue>);
      }
      case 'Fn::Join': {
        const [separator = '', parts = []] = Array.isArray(argument) ? argument : [];
        return [parts]
          .flat()
          .map((part) => textOf(part as TemplateValue))
          .join(String(separator));
      }
      case 'Fn::If': {
        const sides = sidesOf(argument);
        return sides.length === 1 ? resolve(sides[0] ?? null) : eitherOf(sides);
      }
      default:
        return variable(name.replace(/^Fn::/, ''));
    }
  }

  /** What a condition may come to. */
  function sidesOf(argument: TemplateValue): readonly TemplateValue[] {
    const [name, ...sides] = Array.isArray(argument) ? argument : [];
    const value = world?.get(String(name));
    return value === undefined ? sides : sides.slice(value ? 0 : 1, value ? 1 : 2);
  }

  /** Both sides of a condition where they are ARNs or actions, or lists of such; else the first. */
  function eitherOf(sides: readonly TemplateValue[]): TemplateValue {
    const resolved = sides.flatMap(resolve).filter((side) => side !== '');
    const [first = ''] = resolved;
    const mayBeListed = resolved.every(
      (side) => typeof side === 'string' && (side === '*' || side.includes(':')),
    );
    return mayBeListed && resolved.length > 1 ? [...new Set(resolved)] : first;
  }

  /** In a list both sides of a condition stand: which of them is deployed is not known. */
  function branchesOf(item: TemplateValue): TemplateValue[] {
    const choice = typeof item === 'object' && item !== null && 'Fn::If' in item ? item['Fn::If'] : undefined;
    return Array.isArray(choice) ? sidesOf(choice).flatMap(branchesOf) : [item];
  }

  /** An Allow whose condition is itself conditional is two: one under each of them, or under none. */
  function conditionsOf(item: TemplateValue): TemplateValue[] {
    if (typeof item !== 'object' || item === null || !('Condition' in item)) return [item];
    const { Condition, ...rest } = item as { readonly [key: string]: TemplateValue };
    if (rest.Effect !== 'Allow' || !isChoice(Condition)) return [item];
    return branchesOf(Condition ?? null).map((side) =>
      resolve(side) === '' ? rest : { ...rest, Condition: side },
    );
  }

  function resolve(value: TemplateValue): TemplateValue {
    if (Array.isArray(value))
      return value
        .flatMap((item) => (isChoice(item) ? branchesOf(item).flat() : [item]))
        .flatMap(conditionsOf)
        .map(resolve)
        .filter((item) => item !== '');
    if (typeof value !== 'object' || value === null) return value;
    const object = value as { readonly [key: string]: TemplateValue };
    const [name = ''] = Object.keys(object);
    if (isFunction(object) && (name === 'Ref' || name.startsWith('Fn::')))
      return call(name, object[name] ?? null);
    const entries = Object.entries(object)
      .filter(([, item]) => !branchesOf(item).every(isNoValue))
      .map(([key, item]) => [key, resolve(key === 'Statement' ? [item].flat() : item)]);
    return Object.fromEntries(entries);
  }
  return { resolve, arnOf, branchesOf };
}
