import { type HeldCall, nameOfCall } from '../domain/calls/held-call.ts';
import { visibleText } from '../domain/text/show-hostile-text.ts';
import { bold, cut, type Piece, text } from './rich-text.ts';

/** Characters of parameters that a message has room for. */
const MOST_SHOWN = 2_500;
/** Resources that a message lists. */
const MOST_LISTED = 8;
const MOST_NAME = 200;

/** `table/bank_balances`: an ARN without its account, in letters that hide nothing. */
const shortOf = (on: string): string => cut(visibleText(on.split(':').slice(5).join(':') || on), MOST_NAME);

/** `dynamodb:DeleteTable on table/bank_balances`. Names are the caller's text. */
export function callInShort(call: HeldCall): string {
  const [first, ...others] = [...new Set(call.needs.map(({ on }) => on))];
  const more = others.length > 0 ? ` and ${others.length} more` : '';
  return `${nameOfCall(call)} on ${shortOf(first ?? 'nothing')}${more}`;
}

const indented = (json: string): string => {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
};

/** All of the parameters, line by line, so that what hides in a text is written out. */
export const parametersInFull = ({ parameters }: Pick<HeldCall, 'parameters'>): string =>
  indented(parameters).split('\n').map(visibleText).join('\n');

/** The same, as far as a message has room. */
export function parametersInShort(call: Pick<HeldCall, 'parameters'>): string {
  const whole = parametersInFull(call);
  return whole.length <= MOST_SHOWN
    ? whole
    : `${whole.slice(0, MOST_SHOWN)}\n… cut here; Details shows the whole`;
}

/** What a call is on, all of it: an action and an ARN a line. */
export const needsInFull = ({ needs }: Pick<HeldCall, 'needs'>): string[] =>
  needs.map(({ action, on }) => `${action} on ${visibleText(on)}`);

/** What of a call no parameter shows; empty where they show all. */
export const bodyInWords = ({ body }: Pick<HeldCall, 'body'>): string =>
  body ? `a body of ${body.bytes} bytes, sha256 ${body.sha256}` : '';

/** The lines that say what is called, and what an approval of it is. */
export function callLines(call: HeldCall): Piece[][] {
  const needs = needsInFull(call);
  const left = needs.length - MOST_LISTED;
  const body = bodyInWords(call);
  return [
    [
      bold('Calls  '),
      text(`${nameOfCall(call)} in ${call.region}, account ${call.accountId}, in session ${call.sessionId}`),
    ],
    ...needs.slice(0, MOST_LISTED).map((need) => [text(cut(need, MOST_NAME * 2))]),
    ...(left > 0 ? [[text(`… and ${left} more; Details shows all`)]] : []),
    ...(body ? [[text(`with ${body}`)]] : []),
  ];
}
