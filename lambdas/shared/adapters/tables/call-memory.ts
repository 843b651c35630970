import type { OnceTable } from './once-table.ts';

/** Seconds for which calls are remembered: a day. */
const REMEMBER_SECONDS = 24 * 60 * 60;
const HOUR_SECONDS = 60 * 60;

/**
 * What gateways remember of calls, by principal and subject: how many there were, and which actions. In a table, so that
 * neither a restart nor another replica begins anew.
 */
export function makeCallMemory(once: Pick<OnceTable, 'count' | 'first' | 'has'>) {
  const key = (kind: string, holder: string, what: string) => `gateway#${kind}#${holder}#${what}`;
  return {
    count: (holder: string, group: string): Promise<number> =>
      once.count(key('count', holder, group), REMEMBER_SECONDS),

    async note(holder: string, action: string): Promise<void> {
      await once.first(key('earlier', holder, action), REMEMBER_SECONDS);
    },

    async earlier(holder: string, actions: readonly string[]): Promise<readonly string[]> {
      const found = await Promise.all(actions.map((action) => once.has(key('earlier', holder, action))));
      return actions.filter((_, place) => found[place]);
    },

    /** Approvals of calls that were used: longer remembered than any of them counts. */
    approvals: {
      isUsed: (requestId: string): Promise<boolean> => once.has(key('used', requestId, '')),
      use: (requestId: string): Promise<boolean> => once.first(key('used', requestId, ''), REMEMBER_SECONDS),
    },

    /** Asks of a principal's sessions within an hour, this one among them. */
    countAsk: (principalId: string): Promise<number> =>
      once.count(key('asks', principalId, ''), HOUR_SECONDS),
  };
}
