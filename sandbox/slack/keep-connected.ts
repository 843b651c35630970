import { setTimeout as sleep } from 'node:timers/promises';
import type { SocketModeClient } from '@slack/socket-mode';

/** Milliseconds before a second attempt to connect again; twice as long before each one after it, up to the most. */
const FIRST_WAIT_MS = 500;
const MOST_WAIT_MS = 60_000;

/**
 * Connects a client, and again whenever its connection ends: Slack renews each one every few hours. Throws where the
 * first attempt fails. To be given a client that does not reconnect by itself: what fails there is a rejection that
 * nobody can handle, and ends the process.
 * @see https://github.com/slackapi/node-slack-sdk/issues/2656
 */
export async function keepConnected(socket: SocketModeClient) {
  const ending = new AbortController();
  const { signal } = ending;
  let connecting: Promise<void> | undefined;

  async function connect(): Promise<void> {
    for (let wait = FIRST_WAIT_MS; !signal.aborted; wait = Math.min(2 * wait, MOST_WAIT_MS)) {
      try {
        await socket.start();
        return;
      } catch {
        // The client has logged why. The wait is cut short by the end.
        await sleep(wait, undefined, { signal }).catch(() => {});
      }
    }
  }

  await socket.start();
  socket.on('disconnected', () => {
    connecting ??= connect().finally(() => {
      connecting = undefined;
    });
  });
  // An attempt that had asked for an address before the end, and only now goes there.
  socket.on('connecting', () => {
    if (signal.aborted) queueMicrotask(() => void socket.disconnect());
  });
  return {
    /** Ends the connection, and any attempt at another. */
    async close(): Promise<void> {
      ending.abort();
      await socket.disconnect();
      await connecting;
    },
  };
}
