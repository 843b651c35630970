import type { CallerIdentity } from './caller-identity.ts';
import { PosternError } from './postern-error.ts';

/** Seconds that a signature's time may be off; AWS refuses at 300. */
const MOST_SECONDS_OFF = 300;
const REGION_IN_HOST = /\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/;

/** The region of an API Gateway host; undefined for a host that does not tell. */
export const regionOfHost = (hostname: string): string | undefined => REGION_IN_HOST.exec(hostname)?.[1];

/** Seconds by which this machine's clock is ahead of an answer's; undefined where the answer has no time. */
export function secondsAhead(response: Response, now: number): number | undefined {
  const answeredAtMs = Date.parse(response.headers.get('date') ?? '');
  return Number.isNaN(answeredAtMs) ? undefined : Math.round((now - answeredAtMs) / 1000);
}

type Refused = {
  readonly response: Response;
  readonly hostname: string;
  readonly identity: CallerIdentity;
  readonly now: number;
};

/**
 * What a refused signature comes of, where that can be seen from here: `clock_off` or `wrong_region`; any other
 * error is answered as it is.
 */
export async function explainRefusal(error: PosternError, refused: Refused): Promise<PosternError> {
  if (error.code !== 'signature_refused') return error;
  const { response, hostname, identity, now } = refused;
  const off = secondsAhead(response, now) ?? 0;
  if (Math.abs(off) > MOST_SECONDS_OFF) {
    const side = off > 0 ? 'ahead of' : 'behind';
    const detail = `This machine's clock is ${Math.abs(off)} s ${side} the broker's: set it by NTP, since signatures of another time are refused.`;
    return new PosternError({ code: 'clock_off', detail }, error.status);
  }
  const [expected, signed] = [regionOfHost(hostname), await identity.region()];
  if (expected !== undefined && expected !== signed) {
    const detail = `Calls are signed for ${signed}, the broker is in ${expected}: set the region to ${expected}.`;
    return new PosternError({ code: 'wrong_region', detail }, error.status);
  }
  return error;
}
