import * as z from 'zod';

/** A conversation as far as these few rules look at it. */
export const messagesSchema = z
  .array(
    z.object({
      role: z.enum(['system', 'developer', 'user', 'assistant', 'tool']),
      content: z.string().nullish(),
      tool_calls: z.array(z.object({ function: z.object({ name: z.string() }) })).optional(),
    }),
  )
  .min(1);
type Message = z.infer<typeof messagesSchema>[number];

/** What the model does next: it says something, or calls one tool. */
export type Turn =
  | { readonly text: string }
  | { readonly name: string; readonly arguments: Readonly<Record<string, unknown>> };

const RUN = 'run_dynamodb_operation';
const ASK = 'request_aws_access';

/** A customer whom a message names. */
const NAMED = /\bc-\d{4}\b/;
/** The one who is signed in, as the agent's instructions say: an issuer's subject may be any text without spaces. */
const SIGNED_IN = /customer who is signed in is (\S{1,255})\.(?:\s|$)/;
const TOPICS = [
  { words: /balance/i, operation: 'GetItem', table: 'bank_balances', what: 'balance' },
  { words: /transaction|payment/i, operation: 'Query', table: 'bank_transactions', what: 'transactions' },
  { words: /ticket|charged/i, operation: 'Query', table: 'support_requests', what: 'support tickets' },
] as const;

const resultSchema = z
  .object({ items: z.array(z.record(z.string(), z.unknown())), error: z.string(), status: z.string() })
  .partial()
  .catch({});

/** What the tools answered since the customer last spoke, each with the tool that was called. */
function resultsOf(messages: readonly Message[]) {
  const since = messages.slice(messages.findLastIndex(({ role }) => role === 'user') + 1);
  const called = since.flatMap(({ tool_calls = [] }) => tool_calls.map((call) => call.function.name));
  return since
    .filter(({ role }) => role === 'tool')
    .map(({ content }, index) => ({ tool: called[index], result: resultSchema.parse(jsonOf(content)) }));
}

/**
 * A support agent by rules, for a machine without a language model. It does whatever the last message says, an
 * injection's too: that it is talked round so easily is what the broker is there for.
 */
export function nextTurn(messages: readonly Message[]): Turn {
  const question = messages.findLast(({ role }) => role === 'user')?.content ?? '';
  const told = messages[0]?.content ?? '';
  const topic = TOPICS.find(({ words }) => words.test(question));
  const customer = NAMED.exec(question)?.[0] ?? SIGNED_IN.exec(told)?.[1];
  if (!topic || !customer) return { text: 'I can look up your balance, your transactions and your tickets.' };
  const { operation, table, what } = topic;
  const run: Turn = { name: RUN, arguments: { operation, table, userId: customer } };
  const results = resultsOf(messages);
  const last = results.at(-1);
  if (!last) return run;
  if (last.result.items) return { text: `Found for ${customer}, ${what}: ${listOf(last.result.items)}` };
  const hasRequested = results.some(({ tool }) => tool === ASK);
  if (!hasRequested) {
    return {
      name: ASK,
      arguments: { reason: `The customer in the chat asks for the ${what} of ${customer}.` },
    };
  }
  if (last.tool === ASK && last.result.status === 'granted') return run;
  return { text: `I am sorry, I have no access to the ${what} of ${customer}, so I cannot tell you.` };
}

const listOf = (items: readonly Record<string, unknown>[]): string =>
  items.length === 0
    ? 'there are none.'
    : `${items
        .map((item) =>
          Object.entries(item)
            .filter(([name]) => name !== 'user_id')
            .map(([name, value]) => `${name.replaceAll('_', ' ')} ${String(value)}`)
            .join(', '),
        )
        .join('; ')}.`;

function jsonOf(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
