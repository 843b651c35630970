import {
  CreateSecretCommand,
  PutSecretValueCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { Secret } from 'otpauth';
import { STEP_UP_PREFIX } from '../infra/names.ts';
import { totpOf } from '../lambdas/shared/votes/check-step-up.ts';

/** Bytes of a secret; RFC 4226 asks for at least 16 and recommends 20. */
const SECRET_BYTES = 20;

/** What an authenticator scans. The label is how it names the entry. */
export function otpauthUri(principalId: string, secret: string): string {
  const totp = totpOf(secret);
  totp.issuer = 'Postern';
  totp.label = principalId;
  return totp.toString();
}

/** Keeps a new secret for an approver; throws where they have one, unless it is to be replaced. */
export async function enrol(
  client: Pick<SecretsManagerClient, 'send'>,
  principalId: string,
  { replace, kmsKeyId }: { replace: boolean; kmsKeyId?: string | undefined },
): Promise<string> {
  const { base32 } = new Secret({ size: SECRET_BYTES });
  const name = `${STEP_UP_PREFIX}/${principalId}`;
  try {
    await client.send(
      new CreateSecretCommand({ Name: name, SecretString: base32, ...(kmsKeyId && { KmsKeyId: kmsKeyId }) }),
    );
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ResourceExistsException')) throw error;
    if (!replace) throw new Error(`${principalId} is enrolled already; --replace gives them a new secret`);
    await client.send(new PutSecretValueCommand({ SecretId: name, SecretString: base32 }));
  }
  return base32;
}
