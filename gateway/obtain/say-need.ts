import type { Need } from '../identify/named-call.ts';

/** Characters that the broker takes besides the session's reason. */
const MOST = 400;

/** An ARN's own characters; anything else of a name says nothing to whoever reads it. */
const plain = (text: string): string => text.replace(/[^\w:/.,=+@*-]/g, '?').slice(0, 200);

const place = ({ resource }: Need): string =>
  resource.kind === 'known'
    ? plain(resource.arn)
    : resource.kind === 'none'
      ? 'no resource'
      : resource.named === undefined
        ? 'a resource not known'
        : `${plain(resource.named)}, whose path is not known`;

/** What a call needs, in words: sorted, so that the same need reads the same. */
export function sayNeed(needs: readonly Need[]): string {
  const lines = [...new Set(needs.map((need) => `${plain(need.action)} on ${place(need)}`))].sort();
  const text = `For a call of this session it needs ${lines.join('; ')}.`;
  return text.length <= MOST ? text : `${text.slice(0, MOST - 20)} … and more.`;
}
