import { type FindingPorts, findDelegation } from '../come-in/find-delegation.ts';
import type { SessionClaims } from '../come-in/placeholder-keys.ts';

/** Milliseconds between two looks at the sessions whose calls are running. */
const LOOK_MS = 2000;

export type RunningCall = {
  readonly signal: AbortSignal;
  /** Ends it before its time: whoever waited has gone, or may have no more. */
  readonly cut: () => void;
  readonly done: () => void;
};

/** Calls that are being forwarded. Those of a session that was ended are cut, on whichever replica they run. */
export function makeRunningCalls(ports: FindingPorts, lookMs = LOOK_MS) {
  const running = new Map<string, { readonly claims: SessionClaims; readonly calls: Set<AbortController> }>();

  async function look(): Promise<void> {
    for (const { claims, calls } of [...running.values()]) {
      // Where the table does not answer, what runs goes on: nothing new is let in meanwhile.
      const isOpen = await findDelegation(claims.delegation, ports).then(Boolean, () => true);
      if (!isOpen) for (const call of calls) call.abort();
    }
  }

  const timer = setInterval(() => void look(), lookMs);
  timer.unref();

  return {
    begin(claims: SessionClaims): RunningCall {
      const call = new AbortController();
      const ofSession = running.get(claims.sessionId) ?? { claims, calls: new Set() };
      running.set(claims.sessionId, ofSession);
      ofSession.calls.add(call);
      const done = () => {
        ofSession.calls.delete(call);
        if (ofSession.calls.size === 0) running.delete(claims.sessionId);
      };
      return { signal: call.signal, cut: () => call.abort(), done };
    },
    close(): void {
      clearInterval(timer);
      for (const { calls } of running.values()) for (const call of calls) call.abort();
    },
  };
}
export type RunningCalls = ReturnType<typeof makeRunningCalls>;
