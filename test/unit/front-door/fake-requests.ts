import type { RequestsTable } from '../../../lambdas/shared/adapters/tables/requests-table.ts';
import type { RequestRow } from '../../../lambdas/shared/domain/request-row.ts';
import type { RowTransition } from '../../../lambdas/shared/domain/row-transition.ts';

type Table = Pick<RequestsTable, 'create' | 'get' | 'transition' | 'listByPrincipal' | 'listUnreviewed'>;

const valueAt = (row: RequestRow, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((value, part) => (value as Record<string, unknown> | undefined)?.[part], row);

function holds(row: RequestRow | undefined, { from, onlyIf = {} }: RowTransition): row is RequestRow {
  if (!row?.status || !from.includes(row.status)) return false;
  return (
    (onlyIf.absent ?? []).every((key) => row[key] === undefined) &&
    (onlyIf.present ?? []).every((key) => row[key] !== undefined) &&
    Object.entries(onlyIf.equals ?? {}).every(([path, value]) => valueAt(row, path) === value)
  );
}

/** The requests table in memory, with the same conditions as the real one. */
export function makeFakeRequests(clock: () => Date) {
  const rows = new Map<string, RequestRow>();
  const table: Table = {
    async create(row) {
      if (rows.has(row.requestId)) return false;
      rows.set(row.requestId, row);
      return true;
    },
    async get(requestId) {
      return rows.get(requestId);
    },
    async transition(requestId, transition) {
      const row = rows.get(requestId);
      if (!holds(row, transition)) return false;
      const next = { ...row, ...transition.set, updatedAt: clock().toISOString(), version: row.version + 1 };
      for (const key of transition.remove ?? []) delete next[key];
      if (transition.set?.status && transition.set.status !== 'READY') delete next.claimToken;
      rows.set(requestId, next);
      return true;
    },
    async listUnreviewed() {
      return [...rows.values()].filter(({ open }) => open === 'review');
    },
    async listByPrincipal(principalId, { limit, status, afterRequestId }) {
      const mine = [...rows.values()]
        .filter((row) => row.principalId === principalId)
        .sort((a, b) => (a.requestId < b.requestId ? 1 : -1))
        .filter((row) => !afterRequestId || row.requestId < afterRequestId);
      const read = mine.slice(0, limit);
      const last = read.at(-1);
      return {
        rows: read.filter((row) => !status || row.status === status),
        ...(mine.length > limit && last && { lastRequestId: last.requestId }),
      };
    },
  };
  return { table, rows };
}
