import type { checkInvariants } from './check-invariants.ts';
import type { KillPoint } from './kill-points.ts';

/** What a victim is started with. */
export type VictimOrders = {
  /** Tells its callers' keys from other victims'. */
  readonly name: string;
  readonly dataDir: string;
  readonly templateFile: string;
  /** Where the template's functions are bundled. */
  readonly bundles: string;
  /** Where it dies; the one without lives, and checks what the others said. */
  readonly killAt?: KillPoint;
  readonly said?: readonly VictimSays[];
};

/** What a victim says while it lives: one line each. */
export type VictimSays =
  | { readonly accepted: string }
  | { readonly delivered: string; readonly accessKeyIds: readonly string[] }
  | { readonly minted: string }
  | { readonly closedAtBoot: readonly string[] }
  | { readonly found: Awaited<ReturnType<typeof checkInvariants>> };
