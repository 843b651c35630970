import * as z from 'zod';
import type { AuditRecord } from '../../shared/domain/audit/audit-record.ts';
import { authenticRecord, type IsGenuine } from '../../shared/domain/audit/is-authentic.ts';

/**
 * AssumeRole as CloudTrail tells it, through EventBridge.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html
 */
const assumedSchema = z.object({
  detail: z.object({
    eventID: z.string(),
    requestParameters: z.object({
      roleArn: z.string(),
      roleSessionName: z.string(),
      tags: z.array(z.object({ key: z.string(), value: z.string() })).default([]),
    }),
  }),
});

const issuingSchema = z.object({
  sessionName: z.string(),
  entitlement: z.object({ roleArn: z.string() }),
});

/** Whether a session stands in the audit log; its CloudTrail event's id, for whoever looks into it. */
type Checked = { readonly recorded: boolean; readonly eventId: string };

type Ports = {
  readonly audit: { ofRequest(requestId: string): Promise<readonly AuditRecord[]> };
  readonly isGenuine: IsGenuine;
};

/**
 * Looks for the record of a brokered session that CloudTrail tells of. The record is written before STS is
 * asked, so a session without one was not the broker's doing. INVARIANT: a record counts only with the broker's MAC,
 * or whoever can write the table could record a session of their own.
 */
export function makeCheckSession({ audit, isGenuine }: Ports) {
  return async (event: unknown): Promise<Checked> => {
    const { eventID: eventId, requestParameters } = assumedSchema.parse(event).detail;
    const { roleArn, roleSessionName, tags } = requestParameters;
    const requestId = tags.find(({ key }) => key === 'postern:request-id')?.value;
    const records = requestId === undefined ? [] : await audit.ofRequest(requestId);
    const issued = records.filter(({ event: kind, facts }) => {
      const issuing = issuingSchema.safeParse(facts);
      return (
        kind === 'issuing' &&
        issuing.success &&
        issuing.data.sessionName === roleSessionName &&
        issuing.data.entitlement.roleArn === roleArn
      );
    });
    const authentic = await Promise.all(issued.map((record) => authenticRecord(record, isGenuine)));
    return { recorded: authentic.some((record) => record !== undefined), eventId };
  };
}
