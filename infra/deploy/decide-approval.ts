/** Who agrees to a deployment that widens permissions, and what keeps it from beginning. */
export type Approval = 'asked-by-cdk' | 'given' | 'no-terminal' | 'widens';

type Circumstances = {
  /** `--yes`: nobody is there to be asked. */
  readonly unattended: boolean;
  /** `--allow-widening`. */
  readonly allowWidening: boolean;
  readonly hasTerminal: boolean;
  /** Whether the difference gives anybody more than they have: CDK's judgement. */
  readonly widens: boolean;
};

/**
 * Decides how a deployment's widening of permissions is agreed to: at a terminal CDK asks; unattended it is refused
 * unless the command line allows it. `no-terminal` and `widens` mean that nothing may be deployed.
 */
export function decideApproval({ unattended, allowWidening, hasTerminal, widens }: Circumstances): Approval {
  if (!unattended) return hasTerminal ? 'asked-by-cdk' : 'no-terminal';
  return widens && !allowWidening ? 'widens' : 'given';
}
