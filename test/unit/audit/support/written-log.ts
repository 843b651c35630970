import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { VerifyPorts } from '../../../../clients/audit/verify-audit.ts';
import { makeArchiveAudit } from '../../../../lambdas/events/archive-audit/archive-audit.ts';
import { makeRejoinArchive } from '../../../../lambdas/events/rejoin-archive/rejoin-archive.ts';
import { makeSignHeads } from '../../../../lambdas/events/sign-heads/sign-heads.ts';
import { makeAuditReader } from '../../../../lambdas/shared/adapters/audit/audit-reader.ts';
import { makeAuditTable } from '../../../../lambdas/shared/adapters/audit/audit-table.ts';
import { makeHeadsArchive } from '../../../../lambdas/shared/adapters/audit/heads-archive.ts';
import { makePutBack } from '../../../../lambdas/shared/adapters/audit/put-back.ts';
import { readImage } from '../../../../lambdas/shared/adapters/tables/read-image.ts';
import type { AuditEntry } from '../../../../lambdas/shared/domain/audit/audit-record.ts';
import { makeTamperedTable } from '../../../support/audit/tampered-table.ts';
import { clock, REQUEST_ID } from '../../../support/example-state.ts';
import { testMacs } from '../../../support/record-macs.ts';
import { startTables } from '../../../support/start-tables.ts';
import { makeVersionedArchive } from './versioned-archive.ts';

/** A log in a table of its own, with its archive and the keys of both; and somebody who can write the table. */
export async function startWrittenLog() {
  const { client, close } = await startTables(['audit']);
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  let now = clock();
  const archive = makeVersionedArchive(() => now);
  const audit = makeAuditReader({ client, tableName: 'audit' });
  const writer = () => makeAuditTable({ client, tableName: 'audit', mac: testMacs.make, clock: () => now });
  let log = writer();
  const logged: unknown[] = [];
  const ports: VerifyPorts = {
    audit,
    archive: archive.reader,
    readImage,
    clock: () => now,
    isGenuine: testMacs.verify,
    isSigned: (bytes, signature) => verify('sha256', bytes, publicKey, Buffer.from(signature, 'base64')),
  };
  const table = makeTamperedTable({ client, tableName: 'audit' });
  const archiveAudit = makeArchiveAudit({
    archive: archive.bucket,
    readImage,
    isGenuine: testMacs.verify,
    log: { error: (message, facts) => logged.push({ message, ...facts }) },
    emit: () => {},
  });
  /** Hands an item of the table to the archive, as its stream does. */
  const stream = (item: object) =>
    archiveAudit({
      Records: [
        {
          eventName: 'INSERT',
          dynamodb: { SequenceNumber: '1', NewImage: marshall(item, { removeUndefinedValues: true }) },
        },
      ],
    });

  return {
    ports,
    now: () => now.toISOString(),
    archive,
    stream,
    logged,
    /** Lets time pass for whoever appends, signs and verifies. */
    wait: (minutes: number): void => {
      now = new Date(now.getTime() + minutes * 60_000);
    },
    writer,
    ...table,
    complaints: (): number => logged.length,
    /** Appends a record, and archives it. */
    async append(chain: string, occurrence: string, facts: Record<string, unknown> = {}) {
      const entry = { chain, requestId: REQUEST_ID, event: 'voted', occurrence } as const;
      const record = await log.append({ ...entry, facts: { occurrence, ...facts } });
      await stream(record);
      return record;
    },
    /** Appends this very record, and archives it. */
    async record(entry: AuditEntry) {
      const record = await log.append(entry);
      await stream(record);
      return record;
    },
    /** The public half of the key that signs heads, as KMS hands it out. */
    headsKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
    /** Appends a record that never reaches the archive. */
    appendUnarchived: (chain: string, occurrence: string) =>
      log.append({ chain, requestId: REQUEST_ID, event: 'voted', occurrence, facts: { occurrence } }),
    /** The table as it is now: what is called with nothing restores it, and leaves the archive as it has become. */
    async backUp(): Promise<() => Promise<void>> {
      const restore = await table.keep();
      return async () => {
        await restore();
        log = writer();
      };
    },
    /** Has the table joined to its archive again, and archives what was appended by that. */
    async rejoin(restoredTo: string, { dryRun = false } = {}) {
      const rejoin = makeRejoinArchive({
        audit: {
          ...audit,
          async append(entry) {
            const record = await log.append(entry);
            await stream(record);
            return record;
          },
        },
        archive: archive.reader,
        readImage,
        isGenuine: testMacs.verify,
        isSigned: ports.isSigned,
        putBack: makePutBack({ client, tableName: 'audit' }),
        emit: () => {},
        clock: () => now,
      });
      const asked = {
        restoredTo,
        tables: ['audit'],
        reason: 'A drill.',
        restoredBy: 'arn:of-the-operator',
        dryRun,
      };
      const done = await rejoin(asked);
      log = writer();
      return done;
    },
    /** Signs the heads of these chains, and archives what it appended. */
    async sign(...chains: string[]) {
      const signHeads = makeSignHeads({
        principals: {
          async *ids() {
            yield* chains;
          },
        },
        audit: {
          ...audit,
          async append(entry) {
            const record = await log.append(entry);
            await stream(record);
            return record;
          },
        },
        archive: makeHeadsArchive(archive.bucket),
        isGenuine: testMacs.verify,
        sign: async (bytes) => sign('sha256', bytes, privateKey).toString('base64'),
        log: { error: (message, facts) => logged.push({ message, ...facts }) },
        clock: () => now,
      });
      return signHeads();
    },
    /** The log as it is now; what is called with nothing puts it back. */
    async keep(): Promise<() => Promise<void>> {
      const putTableBack = await table.keep();
      const putArchiveBack = archive.keep();
      return async () => {
        await putTableBack();
        putArchiveBack();
        now = clock();
        logged.length = 0;
        // A writer remembers where its chains end.
        log = writer();
      };
    },
    close,
  };
}
export type WrittenLog = Awaited<ReturnType<typeof startWrittenLog>>;
