import { digestOf } from '../../lambdas/shared/domain/digest.ts';
import { inOrder } from '../../lambdas/shared/domain/outside/references.ts';

/** How a request that was asked is found again: by its id, or, where the answer was lost, by the key it was asked with. */
export type RequestHandle = { readonly idempotencyKey: string; readonly requestId?: string | undefined };

/** A handle that whoever holds it works on alone, until it is let go or forgotten. */
export type HeldHandle = {
  readonly handle: RequestHandle;
  /** Keeps the id that the request was given. */
  note(requestId: string): Promise<void>;
  /** Leaves it for whoever asks the same next: the request still stands. */
  letGo(): Promise<void>;
  /** Nobody is to take it up: the request is over, or was claimed. */
  forget(): Promise<void>;
};

/**
 * What a client keeps of the requests that it asked and was not answered, by job.
 *
 * INVARIANT: no handle is held twice at once, so that workers of one agent, asking the same side by side, each have a
 * request and a session of their own.
 */
export type HandleStore = {
  /** A handle of this job that nobody works on, now held; undefined where there is none. */
  takeUp(job: string): Promise<HeldHandle | undefined>;
  /** Keeps a new handle, held. */
  hold(job: string, handle: RequestHandle): Promise<HeldHandle>;
};

type Job = {
  readonly endpoint: string;
  /** Who signs, as far as that is known without asking. */
  readonly caller: string;
  readonly reason?: string | undefined;
  /** The name that it is asked for by, of a job that a change has fixed. */
  readonly job?: string | undefined;
  readonly references?: readonly string[] | undefined;
  readonly durationSeconds?: number | undefined;
  readonly subjectToken?: string | undefined;
};

/** The issuer and subject of a token, unverified: they tell jobs apart, the broker verifies them. */
function subjectOf(token: string): string {
  try {
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as {
      iss?: unknown;
      sub?: unknown;
    };
    if (typeof claims.iss === 'string' && typeof claims.sub === 'string')
      return JSON.stringify([claims.iss, claims.sub]);
  } catch {
    // No JWT: the token itself tells them apart.
  }
  return token;
}

/** The name of a job: the same for the same principal, subject, reason, references and duration, and for nothing else. */
export const jobKeyOf = ({
  endpoint,
  caller,
  reason,
  job,
  references,
  durationSeconds,
  subjectToken,
}: Job): string =>
  digestOf({
    endpoint,
    caller,
    reason: reason ?? null,
    ...(job !== undefined && { job }),
    ...(references && { references: inOrder(references) }),
    durationSeconds: durationSeconds ?? null,
    subject: subjectToken === undefined ? null : subjectOf(subjectToken),
  }).slice('sha256:'.length);

/** Handles in the memory of this process. */
export function makeMemoryHandles(): HandleStore {
  const free = new Map<string, RequestHandle[]>();

  function held(job: string, first: RequestHandle): HeldHandle {
    let handle = first;
    let isOver = false;
    return {
      get handle() {
        return handle;
      },
      async note(requestId) {
        handle = { ...handle, requestId };
      },
      async letGo() {
        if (!isOver) free.set(job, [...(free.get(job) ?? []), handle]);
      },
      async forget() {
        isOver = true;
      },
    };
  }

  return {
    async takeUp(job) {
      const [handle, ...rest] = free.get(job) ?? [];
      if (!handle) return undefined;
      if (rest.length > 0) free.set(job, rest);
      else free.delete(job);
      return held(job, handle);
    },
    hold: async (job, handle) => held(job, handle),
  };
}
