import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import * as z from 'zod';
import { PROVABLE_TYPES, provePolicies } from './prove-policies.ts';

/** A proof's input is bounded: a model may send anything. */
const policies = z
  .array(
    z.object({
      type: z.enum(PROVABLE_TYPES).default('identity').describe('What the policy is attached as.'),
      policy: z.string().max(200_000).describe('The policy, as JSON text.'),
    }),
  )
  .min(1)
  .max(20);
type Policies = z.infer<typeof policies>;

const named = (side: string, given: Policies) =>
  given.map(({ type, policy }, nth) => ({ name: `${side} ${nth + 1}`, type, text: policy }));

/** The MCP tool `prove_policy`. It needs no broker, and no credentials. */
export const PROVE_POLICY = {
  config: {
    title: 'Prove that a policy is no wider than another',
    description:
      'Answers whether IAM policies (candidate) allow nothing that others (reference) do not: {"verdict":"within"}, {"verdict":"wider"} with a request that shows it, or {"verdict":"unknown"} with why. Identity policies are read as one; boundaries, session policies and service control policies limit them.',
    inputSchema: { candidate: policies, reference: policies },
    annotations: { readOnlyHint: true },
  },
  run: async ({
    candidate,
    reference,
  }: {
    candidate: Policies;
    reference: Policies;
  }): Promise<CallToolResult> => {
    const answer = provePolicies(named('candidate', candidate), named('reference', reference));
    return { content: [{ type: 'text', text: JSON.stringify(answer) }] };
  },
};
