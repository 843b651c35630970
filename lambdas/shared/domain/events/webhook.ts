import * as z from 'zod';
import { EVENT_KINDS } from './event-message.ts';

/** A host that others can have: a name, and none that is this machine's or a private network's own. */
const isPublicName = (hostname: string): boolean =>
  /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/.test(hostname) &&
  !/(^|\.)(localhost|local|internal|lan|home\.arpa)$/.test(hostname);

const webhookUrl = z
  .url({ protocol: /^https$/, error: 'is not an https:// address' })
  .max(300)
  .refine((url) => URL.canParse(url) && isPublicName(new URL(url).hostname), {
    error: 'names no public host: an address by numbers, or a name of one machine or network',
  })
  .refine((url) => URL.canParse(url) && !new URL(url).username && !new URL(url).password, {
    error: 'holds a user or a password: whoever reads the template would have it',
  })
  .refine((url) => !url.includes('#'), { error: 'has a fragment, which is never sent' });

export const webhookSchema = z.strictObject({
  /** By what its secret is found, and its deliveries are told apart. */
  name: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'is no name: a-z, 0-9 and -, 32 at most'),
  /** Where it is posted to. What it resolves to is looked at again at each delivery. */
  url: webhookUrl,
  /** What it is told of; everything where absent. */
  events: z.array(z.enum(EVENT_KINDS)).min(1).optional(),
});
/** One address outside that is told of requests that people decide. */
export type Webhook = z.infer<typeof webhookSchema>;

/** Five at most: functions are told them by a variable, and Lambda takes 4 kB of those. */
export const webhooksSchema = z
  .array(webhookSchema)
  .max(5)
  .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, {
    error: 'two have the same name',
  });

/** One event for one webhook, as it waits in the queue. The body is what is signed, to the byte. */
export const deliverySchema = z.strictObject({
  webhook: z.string(),
  /** The `webhook-id`: the same for the same event, however often it is tried. */
  id: z.string(),
  body: z.string(),
});
export type Delivery = z.infer<typeof deliverySchema>;
