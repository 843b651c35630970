import * as z from 'zod';
import { keyApart, keyOfRecord } from '../../shared/domain/audit/archive-keys.ts';
import { authenticRecord, type IsGenuine } from '../../shared/domain/audit/is-authentic.ts';
import { canonicalJson } from '../../shared/domain/digest.ts';
import { count, type Measurement } from '../../shared/domain/measurement.ts';

/** A record of the audit table's stream; its image is in DynamoDB's own JSON. */
const insertSchema = z.object({
  eventName: z.literal('INSERT'),
  dynamodb: z.object({ SequenceNumber: z.string(), NewImage: z.record(z.string(), z.unknown()) }),
});
const otherSchema = z.object({
  eventName: z.enum(['MODIFY', 'REMOVE']),
  dynamodb: z.object({ SequenceNumber: z.string(), Keys: z.record(z.string(), z.unknown()) }),
});
const eventSchema = z.object({ Records: z.array(z.union([insertSchema, otherSchema])) });
type Image = z.infer<typeof insertSchema>['dynamodb']['NewImage'];

type ArchiveAuditPorts = {
  readonly archive: {
    get(key: string): Promise<string | undefined>;
    putOnce(key: string, body: string): Promise<boolean>;
  };
  readonly readImage: (image: Image) => unknown;
  readonly isGenuine: IsGenuine;
  readonly log: { error(message: string, fields: Record<string, unknown>): void };
  readonly emit: (measurements: readonly Measurement[]) => void;
};

/**
 * Archives each appended audit record as one object, `records/<chain>/<seq>.json`, exactly as the table held it:
 * the image in DynamoDB's JSON, canonical. Answers where Lambda is to go on after a failure; records are archived
 * in order, and one that is archived twice is written once.
 * INVARIANT: only what carries the broker's MAC is archived as a record, so that a forged append takes no genuine
 * record's place. What does not, and a genuine record whose place is taken, is kept apart, and pages somebody.
 * A changed or removed record is never archived: the table is append only.
 */
export function makeArchiveAudit(ports: ArchiveAuditPorts) {
  return async (event: unknown) => {
    for (const record of eventSchema.parse(event).Records) {
      if (record.eventName !== 'INSERT') {
        report(ports, 'audit record altered', { change: record.eventName, keys: record.dynamodb.Keys });
        continue;
      }
      const { SequenceNumber: itemIdentifier, NewImage: image } = record.dynamodb;
      try {
        await archiveImage(image, ports);
      } catch (error) {
        ports.log.error('audit record not archived', {
          error: error instanceof Error ? error.message : 'unknown',
        });
        return { batchItemFailures: [{ itemIdentifier }] };
      }
    }
    return { batchItemFailures: [] };
  };
}

async function archiveImage(image: Image, ports: ArchiveAuditPorts): Promise<void> {
  const { archive, readImage, isGenuine } = ports;
  const text = canonicalJson(image);
  const record = await authenticRecord(readImage(image), isGenuine);
  if (!record) {
    const key = keyApart('unauthentic', text);
    await archive.putOnce(key, text);
    return report(ports, 'audit record not authentic', { key });
  }
  const { chain, seq, eventId } = record;
  const place = keyOfRecord(chain, seq);
  if ((await archive.putOnce(place, text)) || (await archive.get(place)) === text) return;
  const key = keyApart('displaced', text);
  await archive.putOnce(key, text);
  report(ports, 'audit record differs from the archived one', { chain, seq, eventId, key });
}

function report({ log, emit }: ArchiveAuditPorts, message: string, fields: Record<string, unknown>): void {
  log.error(message, fields);
  emit([count('AuditAlterations')]);
}
