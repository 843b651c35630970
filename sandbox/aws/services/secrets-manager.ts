import { randomUUID } from 'node:crypto';
import { AwsError } from '../../../gateway/wire/aws-error.ts';
import type { SecretSpec } from '../../template/types.ts';
import type { AwsCall, AwsService } from '../types.ts';

type Secret = { arn: string; name: string; value?: string; versionId: string; createdAt: Date };

type SecretsService = AwsService & {
  /** Puts a value in without a call, as an operator would before the first use. */
  put(name: string, value: string): void;
};

/** The six characters that AWS ends a secret's ARN with; the sandbox's are the same each time. */
export const SUFFIX = '-AbCdEf';
/** Bytes of a value. */
const MOST_BYTES = 65_536;

/** Secrets, in memory, one version each. */
export function createSecretsManager(
  specs: readonly Pick<SecretSpec, 'name' | 'arn'>[],
  arnPrefix: string,
): SecretsService {
  const secrets = new Map<string, Secret>();
  const add = ({ name, arn }: Pick<SecretSpec, 'name' | 'arn'>): Secret => {
    const secret = { name, arn, versionId: randomUUID(), createdAt: new Date() };
    secrets.set(name, secret);
    return secret;
  };
  for (const spec of specs) add(spec);

  /** By name, by ARN, or by ARN without its last characters, as AWS finds it. */
  const find = (id: string) =>
    secrets.get(id) ?? [...secrets.values()].find(({ arn }) => arn === id || arn.slice(0, -7) === id);
  const arnOf = (id: string) => find(id)?.arn ?? (id.startsWith('arn:') ? id : `${arnPrefix}${id}${SUFFIX}`);
  const idOf = ({ operation, input }: AwsCall): string => {
    const id = operation === 'CreateSecret' ? input.Name : input.SecretId;
    if (typeof id !== 'string' || id === '')
      throw new AwsError('ValidationException', 'The secret is not named.', 400);
    return id;
  };

  function set(secret: Secret, value: string) {
    Object.assign(secret, { value, versionId: randomUUID() });
    return answerOf(secret);
  }

  function create(id: string, value: string | undefined) {
    const secret = add({ name: id, arn: arnOf(id) });
    return value === undefined ? answerOf(secret) : set(secret, value);
  }

  function existing(id: string): Secret {
    const secret = find(id);
    if (secret) return secret;
    throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.", 400);
  }

  return {
    name: 'secretsmanager',
    put(name, value) {
      set(find(name) ?? add({ name, arn: arnOf(name) }), value);
    },
    authorizations(call) {
      if (call.operation === 'ListSecrets') return [{ action: 'secretsmanager:ListSecrets', resource: '*' }];
      const id = idOf(call);
      const key = call.operation === 'CreateSecret' ? 'Name' : 'SecretId';
      return [
        {
          action: `secretsmanager:${call.operation}`,
          resource: arnOf(id),
          context: { [`secretsmanager:${key}`]: key === 'Name' ? id : arnOf(id) },
        },
      ];
    },
    async handle(call) {
      if (call.operation === 'ListSecrets') return { SecretList: [...secrets.values()].map(describe) };
      const id = idOf(call);
      switch (call.operation) {
        case 'DescribeSecret':
          return describe(existing(id));
        case 'CreateSecret':
          if (find(id)) throw new AwsError('ResourceExistsException', 'The secret exists already.', 400);
          return create(id, call.input.SecretString === undefined ? undefined : valueIn(call));
        case 'PutSecretValue':
          return set(existing(id), valueIn(call));
        case 'GetSecretValue': {
          const { arn, name, value, versionId, createdAt } = existing(id);
          if (value === undefined) {
            throw new AwsError('ResourceNotFoundException', 'The secret has no value yet.', 400);
          }
          return {
            ARN: arn,
            Name: name,
            SecretString: value,
            VersionId: versionId,
            VersionStages: ['AWSCURRENT'],
            CreatedDate: createdAt.getTime() / 1000,
          };
        }
        default:
          throw new AwsError('UnknownOperationException', `The sandbox has no ${call.operation}.`, 400);
      }
    },
  };
}

/** What is told of a secret without its value. */
const describe = ({ arn, name, versionId, createdAt }: Secret) => ({
  ARN: arn,
  Name: name,
  CreatedDate: createdAt.getTime() / 1000,
  VersionIdsToStages: { [versionId]: ['AWSCURRENT'] },
});

const answerOf = ({ arn, name, versionId }: Secret) => ({ ARN: arn, Name: name, VersionId: versionId });

function valueIn({ input: { SecretString: value } }: AwsCall): string {
  if (typeof value === 'string' && value !== '' && Buffer.byteLength(value) <= MOST_BYTES) return value;
  throw new AwsError('InvalidParameterException', `SecretString must be 1-${MOST_BYTES} bytes.`, 400);
}
