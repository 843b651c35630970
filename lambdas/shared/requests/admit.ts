import { afterLostRace, MOST_RACES } from '../adapters/runtime/lost-race.ts';
import { DependencyUnavailable } from '../domain/errors.ts';
import { gather } from '../domain/gather.ts';
import {
  admitRequest,
  dependsOnRows,
  type NewRequest,
  type Pending,
} from '../domain/limits/admit-request.ts';
import type { LimitsConfig } from '../domain/limits/limits-config.ts';
import type { Usage } from '../domain/limits/usage.ts';
import type { Principal } from '../domain/principal.ts';
import type { RequestRow } from '../domain/request-row.ts';
import { Problem } from '../http/problems.ts';

/** What admitting takes: what principals have in use, their requests and their limits. */
export type AdmitPorts = {
  readonly usage: {
    /** What the principal has in use; an empty one where nothing is known. */
    get(principalId: string): Promise<Usage>;
    /** False where somebody else wrote since it was read. */
    write(usage: Usage): Promise<boolean>;
  };
  readonly requests: { get(requestId: string): Promise<RequestRow | undefined> };
  readonly limits: () => LimitsConfig;
  readonly clock: () => Date;
};

/** Principals whose usage is remembered. */
const MOST_REMEMBERED = 1_000;

/** Lets a principal's request in, or throws the Problem that says what stands in its way and until when. */
export type Admit = (request: NewRequest, caller: Pick<Principal, 'id' | 'type'>) => Promise<void>;

const readPending = ({ pending }: Usage, requests: AdmitPorts['requests']): Promise<Pending[]> =>
  Promise.all(pending.map(async (entry) => ({ entry, row: await requests.get(entry.requestId) })));

/**
 * Holds requests to their principal's limits: those that race are counted one after the other, of this process in
 * the order in which they come.
 */
export function makeAdmit({ usage, requests, limits, clock }: AdmitPorts): Admit {
  /** What this process wrote last of each principal. Somebody else may have written since: then it cannot be written over. */
  const written = new Map<string, Usage>();
  const remember = (id: string, latest: Usage) => {
    if (written.size >= MOST_REMEMBERED) written.clear();
    written.set(id, latest);
  };

  async function admit(request: NewRequest, { id, type }: Parameters<Admit>[1]): Promise<void> {
    for (let race = 0; race < MOST_RACES; race++) {
      const last = written.get(id);
      written.delete(id);
      const current = last ?? (await usage.get(id));
      const terms = limits()[type];
      const pending = dependsOnRows(current, terms) ? await readPending(current, requests) : undefined;
      const admission = admitRequest(request, current, pending, terms, clock());
      // What may be old refuses nobody, and lets nobody in: only a write over it shows that it is the latest.
      if (last && (admission.outcome === 'refused' || admission.usage === current)) continue;
      if (admission.outcome === 'refused') {
        const { because, detail, retryAfterSeconds } = admission;
        throw new Problem(because === 'suspended' ? 'requests_suspended' : 'limit_reached', detail, {
          ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
        });
      }
      if (admission.usage === current) return;
      if (await usage.write(admission.usage))
        return remember(id, { ...admission.usage, version: admission.usage.version + 1 });
      if (last) continue;
      await afterLostRace(race);
    }
    throw new DependencyUnavailable('usage table: too many requests of one principal at once');
  }

  const inLine = gather(1, async (_, [each]: readonly (() => Promise<void>)[]) => [await each?.()]);
  return async (request, caller) => {
    await inLine(caller.id, [() => admit(request, caller)]);
  };
}
