import { Secret, TOTP } from 'otpauth';

/** Seconds a code stands for. @see https://www.rfc-editor.org/rfc/rfc6238 */
export const PERIOD_SECONDS = 30;
/** Codes of the neighbouring periods count too: clocks differ. */
const WINDOW_PERIODS = 1;
/** Seconds for which a used code is remembered; longer than it could count again. */
const REMEMBER_SECONDS = PERIOD_SECONDS * (2 * WINDOW_PERIODS + 2);
/** Wrong codes that lock an approver, and for how many seconds. */
const MOST_WRONG = 5;
const LOCK_SECONDS = 10 * 60;

export const totpOf = (secret: string): TOTP =>
  new TOTP({ secret: Secret.fromBase32(secret), period: PERIOD_SECONDS });

type StepUp =
  | { readonly ok: true }
  /** `say` is for the approver; what they sent is not in it. */
  | {
      readonly ok: false;
      readonly because: 'not_enrolled' | 'locked' | 'wrong' | 'used';
      readonly say: string;
    };

const refused = (because: 'not_enrolled' | 'locked' | 'wrong' | 'used', say: string): StepUp => ({
  ok: false,
  because,
  say,
});

export type StepUpPorts = {
  readonly once: {
    /** True unless this key was used in the last `seconds` seconds. */
    first(key: string, seconds: number): Promise<boolean>;
    /** Counts one more of something, from 1; begins anew once the count is older than `seconds`. */
    count(key: string, seconds: number): Promise<number>;
    prolong(key: string, seconds: number): Promise<void>;
    forget(key: string): Promise<void>;
  };
  /** The base32 TOTP secret of a principal; undefined where nobody is enrolled. */
  readonly stepUpSecret: (principalId: string) => Promise<string | undefined>;
  readonly clock: () => Date;
};

/**
 * Checks the code of an approver's authenticator. Each counts once; five wrong ones lock the approver for ten
 * minutes. A try is counted before it is made, so that many at once are no more than five.
 */
export async function checkStepUp(principalId: string, code: string, ports: StepUpPorts): Promise<StepUp> {
  const { once, stepUpSecret, clock } = ports;
  const secret = await stepUpSecret(principalId);
  if (!secret) {
    return refused(
      'not_enrolled',
      'You have no authenticator here yet. An administrator enrols you: npm run step-up.',
    );
  }
  const tries = `step-up-tries#${principalId}`;
  const tried = await once.count(tries, LOCK_SECONDS);
  if (tried > MOST_WRONG) return refused('locked', 'Too many wrong codes: wait ten minutes, then try again.');
  // Stryker disable next-line Regex: the library itself takes no token of another length.
  const delta = /^\d{6}$/.test(code)
    ? totpOf(secret).validate({ token: code, timestamp: clock().getTime(), window: WINDOW_PERIODS })
    : null;
  if (delta === null) {
    if (tried === MOST_WRONG) await once.prolong(tries, LOCK_SECONDS);
    return refused('wrong', 'This code is wrong. Enter the one that your authenticator shows now.');
  }
  const period = Math.floor(clock().getTime() / 1000 / PERIOD_SECONDS) + delta;
  if (!(await once.first(`step-up-code#${principalId}#${period}`, REMEMBER_SECONDS))) {
    return refused('used', 'This code was used already. Wait for the next one.');
  }
  await once.forget(tries);
  return { ok: true };
}
