import type { Told } from '../../demo/chat-on-aws/told.ts';

type Options = { readonly origin?: string | undefined; readonly protocols?: string };

/** A connection to the chat's WebSocket, by Node's own client, with all that it was told. */
export async function talkOverSocket(url: string, { origin, protocols }: Options = {}) {
  // Node's client takes headers, as browsers set them: the DOM's type has none.
  const init = { headers: origin === undefined ? {} : { origin }, ...(protocols && { protocols }) };
  const socket = new WebSocket(url, init as unknown as string);
  const told: Told[] = [];
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const look of waiting) look();
  };
  const closed = Promise.withResolvers<number>();
  let isClosed = false;
  socket.addEventListener('message', ({ data }) => {
    told.push(JSON.parse(String(data)));
    wake();
  });
  socket.addEventListener('close', ({ code }) => {
    isClosed = true;
    closed.resolve(code);
    wake();
  });
  const isOpen = await new Promise<boolean>((resolve) => {
    socket.addEventListener('open', () => resolve(true));
    socket.addEventListener('error', () => resolve(false));
  });
  return {
    isOpen,
    told,
    closed: closed.promise,
    send: (message: unknown): void =>
      socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    /** The first that is so, of all that was and will be told. Throws where the connection ends before. */
    heard: (isIt: (each: Told) => boolean, from = 0): Promise<Told> =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = told.slice(from).find(isIt);
          if (found) resolve(found);
          else if (isClosed) reject(new Error(`it ended, and this was told: ${JSON.stringify(told)}`));
          else return;
          waiting.delete(look);
        };
        waiting.add(look);
        look();
      }),
    close: (): void => socket.close(),
  };
}
export type Talk = Awaited<ReturnType<typeof talkOverSocket>>;

/** What stands in the page at last: the newest of each entry, in order. */
export function entriesOf({ told }: Pick<Talk, 'told'>) {
  const newest = new Map<number, string>();
  for (const each of told) {
    if (each.kind !== 'entry') continue;
    const { id, text, card } = each.entry;
    newest.set(id, card ? `${card.badge} ${card.title} ${JSON.stringify(card.lines)}` : `${text}`);
  }
  return [...newest].sort(([left], [right]) => left - right).map(([, shown]) => shown);
}
