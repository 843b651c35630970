import { randomUUID } from 'node:crypto';
import type { SecretSpec } from '../../template/types.ts';
import { type AwsCall, AwsError, type AwsService } from '../types.ts';

type Secret = { arn: string; name: string; value?: string; versionId: string };

export type SecretsService = AwsService & {
  /** Puts a value in without a call, as an operator would before the first use. */
  put(name: string, value: string): void;
};

/** Secrets, in memory. */
export function createSecretsManager(specs: readonly SecretSpec[], arnPrefix: string): SecretsService {
  const secrets = new Map<string, Secret>(
    specs.map(({ name, arn }) => [name, { name, arn, versionId: randomUUID() }]),
  );
  const find = (id: string) =>
    [...secrets.values()].find((secret) => secret.name === id || secret.arn === id);
  const arnOf = (id: string) => find(id)?.arn ?? (id.startsWith('arn:') ? id : `${arnPrefix}${id}-AbCdEf`);
  const idOf = ({ input }: AwsCall) => String(input.SecretId ?? input.Name);

  function put(name: string, value: string): Secret {
    const found = find(name) ?? { name, arn: arnOf(name), versionId: '' };
    const secret = { ...found, value, versionId: randomUUID() };
    secrets.set(secret.name, secret);
    return secret;
  }

  return {
    name: 'secretsmanager',
    put,
    authorizations: (call) => [{ action: `secretsmanager:${call.operation}`, resource: arnOf(idOf(call)) }],
    async handle(call) {
      const id = idOf(call);
      if (call.operation === 'CreateSecret' || call.operation === 'PutSecretValue') {
        if (call.operation === 'CreateSecret' && find(id)) {
          throw new AwsError('ResourceExistsException', 'The secret exists already.', 400);
        }
        const { arn, name, versionId } = put(id, String(call.input.SecretString));
        return { ARN: arn, Name: name, VersionId: versionId };
      }
      if (call.operation !== 'GetSecretValue')
        throw new AwsError('UnknownOperationException', call.operation, 400);
      const secret = find(id);
      if (secret?.value === undefined) {
        throw new AwsError(
          'ResourceNotFoundException',
          "Secrets Manager can't find the specified secret value.",
          400,
        );
      }
      const { arn, name, value, versionId } = secret;
      return { ARN: arn, Name: name, SecretString: value, VersionId: versionId };
    },
  };
}
