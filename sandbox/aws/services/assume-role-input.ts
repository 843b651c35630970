import { deflateRawSync } from 'node:zlib';
import { AwsError, type PolicyDocument } from '../types.ts';

/** Session names and source identities. */
const NAME = /^[\w+=,.@-]{2,64}$/;
/** Characters a session policy may hold: tab, line feed, carriage return, U+0020 to U+00FF. */
const POLICY_CHARACTERS = /^[\t\n\r\u0020-\u00ff]+$/;
const MOST_POLICY_CHARACTERS = 2048;

const invalid = (message: string) =>
  new AwsError('ValidationError', `1 validation error detected: ${message}`, 400);

/**
 * An AssumeRole's input, within STS's limits. Throws ValidationError or MalformedPolicyDocument.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export function parseAssumeRole(input: Record<string, unknown>) {
  const text = (name: string) => (input[name] === undefined ? undefined : String(input[name]));
  const roleArn = text('RoleArn');
  const sessionName = text('RoleSessionName');
  const sourceIdentity = text('SourceIdentity');
  const durationSeconds = Number(input.DurationSeconds ?? 3600);
  if (!roleArn?.startsWith('arn:')) throw invalid('RoleArn must be an ARN');
  if (!sessionName || !NAME.test(sessionName))
    throw invalid('RoleSessionName must have 2-64 characters of [\\w+=,.@-]');
  if (sourceIdentity !== undefined && !NAME.test(sourceIdentity))
    throw invalid('SourceIdentity must have 2-64 characters of [\\w+=,.@-]');
  if (!Number.isInteger(durationSeconds) || durationSeconds < 900 || durationSeconds > 43_200) {
    throw invalid('DurationSeconds must be between 900 and 43200');
  }
  const policyText = text('Policy');
  return {
    roleArn,
    sessionName,
    sourceIdentity,
    durationSeconds,
    tags: tagsOf(input),
    policyText,
    policy: policyText === undefined ? undefined : policyOf(policyText),
  };
}

function policyOf(text: string): PolicyDocument {
  if (text.length > MOST_POLICY_CHARACTERS)
    throw invalid('Policy must have length less than or equal to 2048');
  if (!POLICY_CHARACTERS.test(text)) throw invalid('Policy holds characters that are not allowed');
  try {
    const policy = JSON.parse(text) as PolicyDocument;
    if (policy?.Statement === undefined) throw new TypeError('no statement');
    return policy;
  } catch {
    throw new AwsError('MalformedPolicyDocument', 'The policy is not in the correct format.', 400);
  }
}

/** `Tags.member.1.Key` and `.Value` of the query protocol. */
function tagsOf(input: Record<string, unknown>): Record<string, string> {
  const tags: Record<string, string> = {};
  for (let n = 1; input[`Tags.member.${n}.Key`] !== undefined; n++) {
    tags[String(input[`Tags.member.${n}.Key`])] = String(input[`Tags.member.${n}.Value`] ?? '');
  }
  if (Object.keys(tags).length > 50) throw invalid('at most 50 session tags');
  return tags;
}

/** Bytes that a packed policy and its tags may take. AWS keeps its own number to itself; this is ours. */
const MOST_PACKED_BYTES = 1_400;

/** How much of the packed limit policy and tags take, in percent. STS packs them in a way it does not publish. */
export function packedSizeOf({
  policyText = '',
  tags,
}: {
  policyText?: string | undefined;
  tags: Record<string, string>;
}): number {
  const packed = deflateRawSync(policyText + JSON.stringify(tags)).length;
  return Math.ceil((packed / MOST_PACKED_BYTES) * 100);
}
