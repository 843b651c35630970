import { deflateRawSync } from 'node:zlib';
import { AwsError } from '../../../gateway/wire/aws-error.ts';
import type { PolicyDocument } from '../types.ts';
import { tagsOf } from './session-tags.ts';

/** Session names and source identities. */
const NAME = /^[\w+=,.@-]{2,64}$/;
const EXTERNAL_ID = /^[\w+=,.@:/-]{2,1224}$/;
/** Characters a session policy may hold: tab, line feed, carriage return, U+0020 to U+00FF. */
const POLICY_CHARACTERS = /^[\t\n\r\u0020-\u00ff]+$/;
const MOST_POLICY_CHARACTERS = 2048;

/** Parameters that would change what a session may do, and that the sandbox does not know how. */
const NOT_IMITATED = /^(PolicyArns|TransitiveTagKeys|ProvidedContexts|SerialNumber|TokenCode)\b/;

const invalid = (message: string) =>
  new AwsError('ValidationError', `1 validation error detected: ${message}`, 400);

export type AssumeRoleInput = ReturnType<typeof parseAssumeRole>;

/**
 * An AssumeRole's input, within STS's limits. Throws ValidationError or MalformedPolicyDocument.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export function parseAssumeRole(input: Record<string, unknown>) {
  const text = (name: string) => (input[name] === undefined ? undefined : String(input[name]));
  const unknown = Object.keys(input).find((name) => NOT_IMITATED.test(name));
  if (unknown) throw invalid(`the sandbox does not imitate ${unknown}`);
  const roleArn = text('RoleArn');
  const sessionName = text('RoleSessionName');
  const durationSeconds = Number(input.DurationSeconds ?? 3600);
  if (!roleArn?.startsWith('arn:')) throw invalid('RoleArn must be an ARN');
  if (!sessionName || !NAME.test(sessionName))
    throw invalid('RoleSessionName must have 2-64 characters of [\\w+=,.@-]');
  if (!Number.isInteger(durationSeconds) || durationSeconds < 900 || durationSeconds > 43_200) {
    throw invalid('DurationSeconds must be between 900 and 43200');
  }
  const policyText = text('Policy');
  return {
    roleArn,
    sessionName,
    sourceIdentity: within(NAME, 'SourceIdentity', text('SourceIdentity')),
    externalId: within(EXTERNAL_ID, 'ExternalId', text('ExternalId')),
    durationSeconds,
    tags: tagsOf(input),
    policyText,
    policy: policyText === undefined ? undefined : policyOf(policyText),
  };
}

function within(pattern: RegExp, name: string, value: string | undefined): string | undefined {
  if (value !== undefined && !pattern.test(value))
    throw invalid(`Value at '${name}' failed to satisfy constraint: ${pattern.source}`);
  return value;
}

export const malformedPolicy = (why: string) => new AwsError('MalformedPolicyDocument', why, 400);

function policyOf(text: string): PolicyDocument {
  if (text.length > MOST_POLICY_CHARACTERS)
    throw invalid('Policy must have length less than or equal to 2048');
  if (!POLICY_CHARACTERS.test(text)) throw invalid('Policy holds characters that are not allowed');
  try {
    const policy = JSON.parse(text) as PolicyDocument;
    if (policy?.Statement === undefined) throw new TypeError('no statement');
    return policy;
  } catch {
    throw malformedPolicy('The policy is not in the correct format.');
  }
}

/** Bytes that a packed policy and its tags may take. AWS keeps its own number to itself; this is ours. */
const MOST_PACKED_BYTES = 1_400;

/** How much of the packed limit policy and tags take, in percent. STS packs them in a way it does not publish. */
export function packedSizeOf({
  policyText = '',
  tags,
}: Pick<AssumeRoleInput, 'policyText' | 'tags'>): number {
  const packed = deflateRawSync(policyText + JSON.stringify(tags)).length;
  return Math.ceil((packed / MOST_PACKED_BYTES) * 100);
}
