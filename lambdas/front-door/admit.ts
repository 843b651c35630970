import type { RequestsTable } from '../shared/adapters/requests-table.ts';
import type { UsageTable } from '../shared/adapters/usage-table.ts';
import {
  admitRequest,
  dependsOnRows,
  type NewRequest,
  type Pending,
} from '../shared/domain/admit-request.ts';
import { DependencyUnavailable } from '../shared/domain/errors.ts';
import type { LimitsConfig } from '../shared/domain/limits-config.ts';
import type { Principal } from '../shared/domain/principal.ts';
import type { Usage } from '../shared/domain/usage.ts';
import { Problem } from './problems.ts';

type AdmitPorts = {
  readonly usage: UsageTable;
  readonly requests: Pick<RequestsTable, 'get'>;
  readonly limits: () => LimitsConfig;
  readonly clock: () => Date;
};

/** Lets a principal's request in, or throws the Problem that says what stands in its way and until when. */
export type Admit = (request: NewRequest, caller: Pick<Principal, 'id' | 'type'>) => Promise<void>;

const readPending = ({ pending }: Usage, requests: AdmitPorts['requests']): Promise<Pending[]> =>
  Promise.all(pending.map(async (entry) => ({ entry, row: await requests.get(entry.requestId) })));

/** How often a request that lost the race for the next version of its principal's usage tries the one after. */
const MOST_ATTEMPTS = 20;

/** Holds requests to their principal's limits: those that race are counted one after the other. */
export function makeAdmit({ usage, requests, limits, clock }: AdmitPorts): Admit {
  return async (request, { id, type }) => {
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const current = await usage.get(id);
      const terms = limits()[type];
      const pending = dependsOnRows(current, terms) ? await readPending(current, requests) : undefined;
      const admission = admitRequest(request, current, pending, terms, clock());
      if (admission.outcome === 'refused') {
        const { because, detail, retryAfterSeconds } = admission;
        throw new Problem(because === 'suspended' ? 'requests_suspended' : 'limit_reached', detail, {
          ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
        });
      }
      if (admission.usage === current || (await usage.write(admission.usage))) return;
    }
    throw new DependencyUnavailable('usage table: too many requests of one principal at once');
  };
}
