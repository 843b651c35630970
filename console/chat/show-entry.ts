import { visibleText } from '../../lambdas/shared/domain/text/show-hostile-text.ts';
import { inBrief } from '../views/parts/pieces.ts';
import type { Card, CardState } from './cards.ts';
import type { Entry } from './conversation.ts';

const BADGES = {
  trying: ['Trying', 'wait'],
  asking: ['Asking', 'wait'],
  granted: ['Granted', 'ok'],
  used: ['Used', 'ok'],
  denied: ['Denied', 'no'],
  expired: ['Expired', 'off'],
  failed: ['Failed', 'no'],
} as const satisfies Record<CardState, readonly [string, 'ok' | 'no' | 'wait' | 'off']>;

const WHO = { customer: 'You', agent: 'Agent', problem: '' } as const;
/** Characters of one line of a card. */
const MOST_LINE = 300;

/** What a page shows of an entry, on the server and by the script alike: plain texts, nothing of which is markup. */
export type ShownEntry = {
  readonly id: number;
  readonly kind: Entry['kind'];
  readonly who?: string;
  readonly text?: string;
  readonly card?: {
    readonly badge: string;
    readonly tone: string;
    readonly title: string;
    readonly lines: readonly (readonly [name: string, text: string])[];
    readonly until?: string;
  };
};

/** A granted card is over once its time is. */
const stateOf = ({ state, until }: Card, now: Date): CardState =>
  state === 'granted' && until !== undefined && Date.parse(until) <= now.getTime() ? 'expired' : state;

function showCard(card: Card, now: Date): ShownEntry['card'] {
  const [badge, tone] = BADGES[stateOf(card, now)];
  return {
    badge,
    tone,
    title: inBrief(card.title, MOST_LINE),
    lines: card.lines.map(([name, text]) => [inBrief(name, MOST_LINE), inBrief(text, MOST_LINE)]),
    ...(card.state === 'granted' && card.until !== undefined && { until: card.until }),
  };
}

/** The texts are others': what would hide or reorder them is written out. */
export function showEntry(entry: Entry, now: Date): ShownEntry {
  const { id, kind } = entry;
  if (entry.kind === 'card')
    return { id, kind, card: showCard(entry.card, now) as NonNullable<ShownEntry['card']> };
  const text = entry.text.split(/\r?\n/).map(visibleText).join('\n');
  return { id, kind, who: WHO[entry.kind], text };
}
