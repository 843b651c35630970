import type { Access } from '../../sdk/postern.ts';

/** Milliseconds before its end from which the next session is asked for. */
const RENEW_BEFORE = 5 * 60 * 1000;
/** Milliseconds before its end from which a session is no longer given out. */
const LAST_MOMENT = 60 * 1000;
/** Milliseconds after a failure in which nobody is asked again: SDKs repeat at once what was denied. */
const AFTER_FAILURE = 30 * 1000;

/**
 * A session that is always there: the next one is asked for while the last still works, since AWS SDKs wait a second
 * or two for an answer. Calls made meanwhile share one request. Throws what asking threw, once no session is left.
 */
export function renewAhead(ask: () => Promise<Access>, now: () => number = Date.now): () => Promise<Access> {
  let held: Access | undefined;
  let asking: Promise<Access> | undefined;
  let failure: { readonly error: unknown; readonly until: number } | undefined;

  async function renew(): Promise<Access> {
    if (failure && now() < failure.until) throw failure.error;
    try {
      held = await ask();
      failure = undefined;
      return held;
    } catch (error) {
      failure = { error, until: now() + AFTER_FAILURE };
      throw error;
    }
  }

  function renewOnce(): Promise<Access> {
    asking ??= renew().finally(() => {
      asking = undefined;
    });
    return asking;
  }

  return async () => {
    const leftMs = held ? held.expiration.getTime() - now() : 0;
    if (!held || leftMs <= LAST_MOMENT) return renewOnce();
    // Its failure is told to whoever asks once there is no session left.
    if (leftMs <= RENEW_BEFORE) renewOnce().catch(() => {});
    return held;
  };
}
