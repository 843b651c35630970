import type { Broker, Wanted } from '../obtain/ask-broker.ts';
import { BrokerProblem } from '../obtain/send-to-broker.ts';
import { AwsError } from '../wire/aws-error.ts';
import { type RawRequest, readFormBody } from '../wire/raw-request.ts';
import { findDelegation } from './find-delegation.ts';
import { type OpeningPorts, openSession } from './open-session.ts';

export type WebIdentityPorts = OpeningPorts & {
  readonly broker: Pick<Broker, 'exchange'>;
  readonly home: { readonly partition: string; readonly accountId: string };
};

const ACTION = 'AssumeRoleWithWebIdentity';
/** The role that says: by this gateway. It is none of AWS's. */
const ROLE = 'postern-gateway';
const ROLE_ARN = new RegExp(`^arn:([a-z-]+):iam::(\\d{12}):role/${ROLE}$`);
/** What would narrow the session: a gateway's session is not narrowed, so it is not opened. */
const NARROWING = /^(?:Policy|PolicyArns\..*|ProviderId)$/;

const refused = (code: string, why: string, status = 400) => new AwsError(code, why, status);

/** Whether it is STS's call that carries a token in place of a signature. */
export function isWebIdentity(request: RawRequest, body: Uint8Array | undefined): boolean {
  if (request.headers.has('authorization') || request.method !== 'POST' || request.path !== '/') return false;
  const form = body && request.query.length === 0 ? readFormBody(body) : undefined;
  return form?.some(([name, value]) => name === 'Action' && value === ACTION) ?? false;
}

function durationOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (seconds >= 900 && seconds <= 43_200) return seconds;
  throw refused('ValidationError', 'DurationSeconds must be between 900 and 43200.');
}

function readForm(body: Uint8Array, { home }: WebIdentityPorts): Wanted & { readonly token: string } {
  const form = readFormBody(body) ?? [];
  const values = new Map(form);
  if (values.size !== form.length) throw refused('ValidationError', 'A parameter is there twice.');
  const narrowing = [...values.keys()].find((name) => NARROWING.test(name));
  if (narrowing !== undefined) {
    throw refused('ValidationError', `${narrowing} is not taken: the broker decides what each call may do.`);
  }
  const [, partition, accountId] = ROLE_ARN.exec(values.get('RoleArn') ?? '') ?? [];
  if (accountId === undefined || partition !== home.partition) {
    const form = `arn:${home.partition}:iam::<account>:role/${ROLE}`;
    throw refused('ValidationError', `RoleArn must be ${form}: it says which account the calls mean.`);
  }
  const token = values.get('WebIdentityToken') ?? '';
  if (!/^[\x21-\x7e]{1,8192}$/.test(token)) {
    throw refused(
      'InvalidIdentityToken',
      'WebIdentityToken must be an OIDC token of at most 8192 characters.',
    );
  }
  return { token, accountId, durationSeconds: durationOf(values.get('DurationSeconds')) };
}

/** What the broker said of a token, in STS's words. */
function explain(error: unknown): unknown {
  if (!(error instanceof BrokerProblem)) return error;
  if (error.code === 'subject_keys_unavailable') {
    return refused('IDPCommunicationError', 'The token’s issuer does not answer; try again.');
  }
  if (error.code === 'web_identity_invalid') {
    return refused(
      'InvalidIdentityToken',
      'The token is expired, not for this gateway, or of nobody who is registered.',
    );
  }
  return refused('AccessDenied', 'The broker opens no session for this token.', 403);
}

/**
 * Answers AssumeRoleWithWebIdentity: the token is exchanged at once for a delegation, and not kept, so that a job
 * outlives a token of five minutes. Throws AwsError in STS's codes.
 */
export async function assumeWithWebIdentity(
  body: Uint8Array,
  requestId: string,
  ports: WebIdentityPorts,
): Promise<Buffer> {
  const { token, ...wanted } = readForm(body, ports);
  const exchanged = await ports.broker.exchange(token, wanted).catch((error: unknown) => {
    throw explain(error);
  });
  const delegation = await findDelegation(exchanged, ports);
  if (!delegation) throw refused('AccessDenied', 'The broker opens no session for this token.', 403);
  const keys = await openSession(delegation, exchanged, ports);
  const { accountId, principalId, sessionId } = delegation;
  const arn = `arn:${ports.home.partition}:sts::${accountId}:assumed-role/${ROLE}/${principalId}`;
  return Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?>
<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult><SubjectFromWebIdentityToken>${principalId}</SubjectFromWebIdentityToken><AssumedRoleUser><Arn>${arn}</Arn><AssumedRoleId>${sessionId}:${principalId}</AssumedRoleId></AssumedRoleUser><Credentials><AccessKeyId>${keys.accessKeyId}</AccessKeyId><SecretAccessKey>${keys.secretAccessKey}</SecretAccessKey><SessionToken>${keys.sessionToken}</SessionToken><Expiration>${keys.expiration}</Expiration></Credentials></AssumeRoleWithWebIdentityResult><ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></AssumeRoleWithWebIdentityResponse>`,
  );
}
