import * as z from 'zod';
import type { RequestView } from '../../lambdas/front-door/request-views.ts';

export type CardState = 'trying' | 'asking' | 'granted' | 'used' | 'denied' | 'expired' | 'failed';
type Line = readonly [name: string, text: string];

/** One call of a tool, as the chat shows it. Its texts are the model's and the broker's: they are escaped where shown. */
export type Card = {
  readonly state: CardState;
  readonly title: string;
  readonly lines: readonly Line[];
  /** When what was granted ends. */
  readonly until?: string;
};

export const ASK = 'request_aws_access';
const RUN = 'run_dynamodb_operation';

const askArgsSchema = z.object({ reason: z.string() });
const runArgsSchema = z.object({ operation: z.string(), table: z.string(), userId: z.string() });
const askResultSchema = z.union([
  z.object({ status: z.literal('granted'), until: z.iso.datetime() }),
  z.object({ status: z.literal('refused'), code: z.string(), detail: z.string() }),
]);
const runResultSchema = z.union([
  z.object({ items: z.array(z.unknown()) }),
  z.object({ error: z.string(), detail: z.string().optional() }),
]);

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The card of a call that was just made. */
export function openCard(tool: string, args: string): Card {
  const input = jsonOf(args);
  const ask = askArgsSchema.safeParse(input);
  if (tool === ASK && ask.success)
    return { state: 'asking', title: 'Asks the broker for access', lines: [['Why', ask.data.reason]] };
  const run = runArgsSchema.safeParse(input);
  if (tool !== RUN || !run.success)
    return { state: 'trying', title: `Calls ${tool}`, lines: [['With', args]] };
  const { operation, table, userId } = run.data;
  return { state: 'trying', title: `${operation} on ${table}`, lines: [['Rows of', userId]] };
}

/** The card with some of its lines said anew, each in its place. */
function withLines(card: Card, lines: readonly Line[]): Card {
  const told = new Map<string, string>([...card.lines, ...lines]);
  return { ...card, lines: [...told] };
}
const without = (card: Card, name: string): Card => ({
  ...card,
  lines: card.lines.filter(([told]) => told !== name),
});

const STANDS: Partial<Record<RequestView['status'], string>> = {
  PENDING: 'The broker reviews it.',
  AWAITING_APPROVAL: 'People are asked to approve it.',
};

/** The card of a request for access as the request stands now: what is granted, and for whose rows. */
export function tellProgress(card: Card, { status, decision, subject }: RequestView): Card {
  const stands = STANDS[status];
  const grants = decision?.outcome === 'grant' ? decision.entitlement?.grants : undefined;
  const may = (grants ?? []).map(
    ({ resource, actions }) =>
      `${resource}: ${actions.map((action) => action.replace(/^[\w-]+:/, '')).join(', ')}`,
  );
  const granted: Line[] = may.length > 0 ? [['May', may.join('; ')]] : [];
  const rows: Line[] = granted.length > 0 && subject ? [['Rows of', `${subject.id}, and nobody else`]] : [];
  return withLines(without(card, 'Now'), [
    ...(stands ? [['Now', stands] as const] : []),
    ...granted,
    ...rows,
  ]);
}

/** Codes of a request that was not refused but could not be made, and what a person does then. */
const NOT_TAKEN: Readonly<Record<string, string>> = {
  broker_unreachable: 'The broker does not answer. It may be restarting: try again in a moment.',
  unexpected_answer: 'The broker does not answer as it should. Try again in a moment.',
  internal_error: 'The broker could not take it. Try again in a moment.',
  unavailable: 'The broker does not answer. It may be restarting: try again in a moment.',
  reviewer_unavailable: 'The broker’s reviewer does not answer. Try again in a moment.',
  subject_token_invalid: 'Your sign-in has ended. Sign in again, and say it once more.',
};

function settleAsk(card: Card, result: unknown): Card {
  const { data } = askResultSchema.safeParse(result);
  if (data?.status === 'granted') return { ...without(card, 'Now'), state: 'granted', until: data.until };
  if (!data) return { ...without(card, 'Now'), state: 'failed' };
  // Nobody has answered yet: the request stands, and the next attempt goes on with it.
  if (data.code === 'wait_timed_out')
    return withLines(card, [['Now', 'Nobody has answered yet. The request stands.']]);
  const down = NOT_TAKEN[data.code];
  return withLines({ ...without(card, 'Now'), state: down ? 'failed' : 'denied' }, [
    ['Because', down ?? data.detail],
  ]);
}

const NO_ACCESS = new Set(['AccessDeniedException', 'AccessDenied', 'UnrecognizedClientException']);
const OVER = new Set(['ExpiredTokenException', 'ExpiredToken']);

function settleRun(card: Card, result: unknown): Card {
  const { data } = runResultSchema.safeParse(result);
  if (!data) return { ...card, state: 'failed' };
  if ('items' in data)
    return withLines({ ...card, state: 'used' }, [
      ['Found', data.items.length === 1 ? '1 row' : `${data.items.length} rows`],
    ]);
  if (NO_ACCESS.has(data.error))
    return withLines({ ...card, state: 'denied' }, [
      ['Because', 'IAM refuses it: nothing the agent holds allows it.'],
    ]);
  if (OVER.has(data.error))
    return withLines({ ...card, state: 'expired' }, [['Because', 'The access that the agent had is over.']]);
  return withLines({ ...card, state: 'failed' }, [['Because', data.error]]);
}

/** The card once the tool has answered. */
export function settleCard(card: Card, tool: string, text: string): Card {
  const result = jsonOf(text);
  return tool === ASK ? settleAsk(card, result) : settleRun(card, result);
}
