import * as z from 'zod';
import { canonicalJson } from '../digest.ts';

/** What a role's trust says, one statement after the other. */
type TrustStatement = {
  readonly Effect: 'Allow';
  readonly Principal: { readonly AWS: readonly string[] };
  readonly Action: string;
  readonly Condition?: object;
};

const trusting = (Action: string, AWS: readonly string[], Condition?: object): TrustStatement => ({
  ...{ Effect: 'Allow', Principal: { AWS }, Action },
  ...(Condition && { Condition }),
});

/** The trust of a brokered role: the role of the broker that mints sessions, always with whose they are. */
export const brokeredTrust = (minter: string): TrustStatement[] => [
  trusting('sts:AssumeRole', [minter], { StringLike: { 'sts:SourceIdentity': '*' } }),
  trusting('sts:SetSourceIdentity', [minter]),
  trusting('sts:TagSession', [minter], {
    StringLike: { 'aws:RequestTag/postern:request-id': '*', 'aws:RequestTag/postern:principal': '*' },
  }),
];

/** The trust of the role that revokes in another account. */
export const revokerTrust = (revokers: readonly string[]): TrustStatement[] =>
  revokers.map((revoker) => trusting('sts:AssumeRole', [revoker]));

const listed = z.union([z.string().transform((text) => [text]), z.array(z.string())]);
const trustSchema = z.object({
  Statement: z.array(
    z
      .object({
        Sid: z.string().optional(),
        Effect: z.string(),
        Principal: z.object({ AWS: listed }).strict(),
        Action: listed,
        Condition: z.unknown().optional(),
      })
      .strict(),
  ),
});

/** Statements in one form, each principal and action by itself, so that what means the same reads the same. */
const lines = (statements: z.infer<typeof trustSchema>['Statement']): string[] =>
  [
    ...new Set(
      statements.flatMap(({ Effect, Principal, Action, Condition }) =>
        Principal.AWS.flatMap((principal) =>
          Action.map((action) => canonicalJson({ Effect, principal, action, Condition: Condition ?? null })),
        ),
      ),
    ),
  ].sort();

/** How a trust differs from what is planned, in words; undefined where it says the same. */
export function trustDifference(document: string, planned: readonly TrustStatement[]): string | undefined {
  const read = trustSchema.safeParse(jsonOf(document));
  if (!read.success) return 'has a trust of another form than planned';
  const wanted = trustSchema.parse({ Statement: planned });
  const [has, shouldHave] = [lines(read.data.Statement), lines(wanted.Statement)];
  const more = has.find((line) => !shouldHave.includes(line));
  if (more !== undefined) {
    const { principal, action } = JSON.parse(more) as { principal: string; action: string };
    return `does not trust as planned: ${action} by ${principal}`;
  }
  const missing = shouldHave.find((line) => !has.includes(line));
  if (missing === undefined) return undefined;
  const { principal, action } = JSON.parse(missing) as { principal: string; action: string };
  return `lacks its trust: ${action} by ${principal}`;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
