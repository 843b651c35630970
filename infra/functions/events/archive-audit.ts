import type { FunctionSpec } from '../../constructs/functions/function-spec.ts';
import { readStream } from '../../constructs/functions/read-stream.ts';
import { archiveKey, writeArchive } from '../../grants/archive.ts';
import { verifyAudit } from '../../grants/audit-log.ts';
import { stream, tableKey } from '../../grants/on-tables.ts';
import { keepUndelivered } from '../../grants/undelivered.ts';

/** Copies each audit record to the archive, in the order of its chain. */
export const archiveAudit: FunctionSpec = {
  entry: 'lambdas/events/archive-audit/handler.ts',
  memoryMegabytes: 512,
  timeoutSeconds: 10,
  invokedBy: 'stream',
  grants: (on) => [
    stream(on, 'audit'),
    tableKey(on),
    writeArchive(on),
    verifyAudit(on),
    archiveKey(on, 'kms:Decrypt', 'kms:GenerateDataKey'),
    keepUndelivered(on),
  ],
  events(wiring) {
    readStream(wiring, ['ArchiveAudit', 'Appended'], {
      table: wiring.tables.audit,
      from: 'earliest',
      batchSize: 25,
      // A stream keeps records for a day: until then every failure is tried again.
      maxRecordAgeHours: 23,
    });
  },
};
