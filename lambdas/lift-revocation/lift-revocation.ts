import * as z from 'zod';
import { type DenialPorts, rewriteDenials } from '../revoke-session/rewrite-denials.ts';
import { liveDenials } from '../shared/domain/revocation/denials.ts';

/** The workflow's state after its wait. */
const eventSchema = z.object({ revocation: z.object({ roleArns: z.array(z.string()) }) });

/** Takes denials away whose sessions have ended by themselves. One that may still live stays denied. */
export function makeLiftRevocation(ports: DenialPorts & { clock: () => Date }) {
  return async (event: unknown): Promise<{ lifted: string[] }> => {
    const { roleArns } = eventSchema.parse(event).revocation;
    const failures: unknown[] = [];
    for (const roleArn of roleArns)
      await rewriteDenials(roleArn, (denials) => liveDenials(denials, ports.clock()), ports).catch(
        (error: unknown) => failures.push(error),
      );
    if (failures.length > 0) throw failures[0];
    return { lifted: roleArns };
  };
}
