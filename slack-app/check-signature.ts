import { isValidSlackRequest } from '@slack/bolt';

/** Seconds that a call's time may be off, in either direction. */
export const MOST_SECONDS_OFF = 5 * 60;

type SignedCall = {
  readonly body: string;
  readonly signature: string | undefined;
  /** Epoch seconds, as the header has them. */
  readonly timestamp: string | undefined;
};

/**
 * Whether Slack signed a call, now. Bolt's own check, which takes a time that is ahead, only after one that does
 * not.
 * @see https://docs.slack.dev/authentication/verifying-requests-from-slack
 */
export function isSigned(
  { body, signature, timestamp }: SignedCall,
  signingSecret: string,
  now: Date,
): boolean {
  if (!signature || !/^\d{1,12}$/.test(timestamp ?? '')) return false;
  const seconds = Number(timestamp);
  if (Math.abs(now.getTime() / 1000 - seconds) > MOST_SECONDS_OFF) return false;
  return isValidSlackRequest({
    signingSecret,
    body,
    headers: { 'x-slack-signature': signature, 'x-slack-request-timestamp': seconds },
    nowMilliseconds: now.getTime(),
  });
}
