import { setTimeout as sleep } from 'node:timers/promises';
import { KMSClient } from '@aws-sdk/client-kms';
import { makeCloseRequest } from '../../lambdas/events/close-request/close-request.ts';
import { makeAuditTable } from '../../lambdas/shared/adapters/audit/audit-table.ts';
import { makeRecordMacs } from '../../lambdas/shared/adapters/audit/record-macs.ts';
import { makeRequestsTable } from '../../lambdas/shared/adapters/tables/requests-table.ts';
import { makeExecutions } from '../../lambdas/shared/adapters/workflows/executions.ts';
import type { Cloud } from '../support/start-cloud.ts';

/** How far the sweep's clock is ahead: it leaves rows alone that are younger than five minutes. */
const AHEAD_MS = 10 * 60 * 1000;

/**
 * Waits until no execution works on a request any more, and sweeps as the schedule does, ten minutes from now.
 * What is still open when patience ends stays so.
 */
export async function settle(cloud: Cloud, patienceMs: number): Promise<void> {
  const later = () => new Date(Date.now() + AHEAD_MS);
  const kms = new KMSClient(cloud.clientOptions);
  const client = cloud.database;
  const requests = makeRequestsTable({ client, tableName: 'postern_requests', clock: () => new Date() });
  const sweep = makeCloseRequest({
    requests,
    audit: makeAuditTable({
      client,
      tableName: 'postern_audit',
      mac: makeRecordMacs({ client: kms, keyId: 'alias/postern-audit-records' }).make,
      clock: () => new Date(),
    }),
    executions: makeExecutions({ client: cloud.stepFunctions, stateMachineArn: cloud.machineArn }),
    callForReviews: async () => {},
    clock: later,
  });
  const end = Date.now() + patienceMs;
  try {
    for (;;) {
      await sweep({ 'detail-type': 'Scheduled Event' });
      const open = await requests.listOpen(later());
      if (open.length === 0) return;
      if (Date.now() > end) return;
      await sleep(100);
    }
  } finally {
    kms.destroy();
  }
}
