import { z } from 'zod';
import { keyOfRecord } from '../../shared/domain/audit/archive-keys.ts';
import { canonicalJson } from '../../shared/domain/digest.ts';

/** A record of the audit table's stream; its image is in DynamoDB's own JSON. */
const insertSchema = z.object({
  eventName: z.literal('INSERT'),
  dynamodb: z.object({
    SequenceNumber: z.string(),
    NewImage: z.looseObject({ chain: z.object({ S: z.string() }), seq: z.object({ N: z.string() }) }),
  }),
});
const otherSchema = z.object({
  eventName: z.enum(['MODIFY', 'REMOVE']),
  dynamodb: z.object({ SequenceNumber: z.string(), Keys: z.record(z.string(), z.unknown()) }),
});
const eventSchema = z.object({ Records: z.array(z.union([insertSchema, otherSchema])) });

type ArchiveAuditDeps = {
  readonly archive: { putOnce(key: string, body: string): Promise<boolean> };
  readonly log: { error(message: string, facts: Record<string, unknown>): void };
};

/**
 * Archives each appended audit record as one object, `<chain>/<seq>.json`, exactly as the table held it: the
 * image in DynamoDB's JSON, canonical. Answers where Lambda is to go on after a failure; records are archived in
 * order, and one that is archived twice is written once.
 * INVARIANT: a changed or removed record is never archived. It is logged as an error: the table is append only.
 */
export function makeArchiveAudit({ archive, log }: ArchiveAuditDeps) {
  return async (event: unknown) => {
    for (const record of eventSchema.parse(event).Records) {
      if (record.eventName !== 'INSERT') {
        log.error('audit record altered', { change: record.eventName, keys: record.dynamodb.Keys });
        continue;
      }
      const { SequenceNumber: itemIdentifier, NewImage: image } = record.dynamodb;
      const key = keyOfRecord(image.chain.S, image.seq.N);
      try {
        await archive.putOnce(key, canonicalJson(image));
      } catch (error) {
        log.error('audit record not archived', {
          key,
          error: error instanceof Error ? error.message : 'unknown',
        });
        return { batchItemFailures: [{ itemIdentifier }] };
      }
    }
    return { batchItemFailures: [] };
  };
}
