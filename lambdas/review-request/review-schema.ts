import * as z from 'zod';
import type { Grantable } from '../shared/domain/guardrails/grantable-for.ts';
import { authorizationSchema, type Proposal, proposalSchema, riskSchema } from '../shared/domain/review.ts';
import { type Choice, choicesOf } from './fit-schema.ts';

const judgement = {
  approved: z.boolean(),
  durationSeconds: z.number().int(),
  risk: riskSchema,
  authorization: authorizationSchema,
  reason: z.string().min(1).max(600),
};

/** One object for resources with the same actions, its enums just these: a pair outside them cannot be expressed. */
function grantChoice({ keys, actions }: Choice) {
  return z.strictObject({
    resource: z.enum(keys as [string, ...string[]]),
    actions: z.array(z.enum(actions as [string, ...string[]])),
  });
}

/**
 * The structured-output schema for one request, from what the guardrails could ever allow its principal.
 * Strict in the provider's sense: every property required, none more.
 * @see https://platform.openai.com/docs/guides/structured-outputs#supported-schemas
 */
export function reviewSchemaFor(grantable: readonly Grantable[]) {
  const [first, ...rest] = choicesOf(grantable).map(grantChoice);
  return first
    ? z.strictObject({ ...judgement, grants: z.array(z.union([first, ...rest])) })
    : z.strictObject(judgement);
}

/**
 * The proposal in a model's output text, or why it is off schema (field names only, never its content). The
 * same bounds hold as were sent: a provider's word that it enforced them is not believed.
 */
export function parseProposal(
  text: string,
  schema: ReturnType<typeof reviewSchemaFor>,
): { proposal: Proposal } | { offSchema: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { offSchema: 'the output is not JSON' };
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) return offSchemaAt(parsed.error);
  const { grants = [], ...rest } = parsed.data as typeof parsed.data & { grants?: Proposal['grants'] };
  // The schema that was sent bounds no list, and every later step refuses a longer one than this.
  const proposal = proposalSchema.safeParse({
    ...rest,
    grants: grants.filter(({ actions }) => actions.length > 0),
  });
  return proposal.success ? { proposal: proposal.data } : offSchemaAt(proposal.error);
}

function offSchemaAt({ issues }: z.ZodError): { offSchema: string } {
  const fields = issues.map((issue) => issue.path.map(String).join('.') || '(root)');
  return { offSchema: `off schema at ${[...new Set(fields)].slice(0, 5).join(', ').slice(0, 300)}` };
}
