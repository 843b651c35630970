import type { AccountStack, OtherAccount, Proposed } from './account-stack.ts';
import type { AccountPlan } from './plan-accounts.ts';

/**
 * Bytes of a template that CloudFormation takes from a call: for a larger one it wants a bucket that the account may read.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
 */
const MOST_TEMPLATE_BYTES = 51_200;

type Ports = {
  open(account: OtherAccount): Promise<AccountStack>;
  /** The template of an account's roles. */
  templateOf(id: string): string;
  tell(line: string): void;
};

/** What is to be done in one account once it is agreed to. */
type Step =
  | { readonly kind: 'deploy'; readonly stack: AccountStack; readonly proposed: Proposed }
  | { readonly kind: 'remove'; readonly stack: AccountStack }
  | { readonly kind: 'nothing'; readonly outcome: string; readonly isLeft: boolean }
  | { readonly kind: 'failed'; readonly why: string };
type Prepared = { readonly plan: AccountPlan; readonly step: Step };

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : 'it failed');

async function prepare(plan: AccountPlan, ports: Ports): Promise<Step> {
  const { id, deployRole, does } = plan;
  if (deployRole === undefined)
    return {
      kind: 'nothing',
      isLeft: does === 'remove',
      outcome:
        does === 'deploy'
          ? `it has no deployRole: npm run synth:member -- ${id} writes what its administrator deploys there`
          : `nothing of the catalog is in it any more: its administrator deletes the stack PosternMember there; then --forget ${id}`,
    };
  try {
    const stack = await ports.open({ id, deployRole });
    if (does === 'remove')
      return (await stack.isThere())
        ? { kind: 'remove', stack }
        : { kind: 'nothing', isLeft: false, outcome: 'it has no roles any more' };
    const template = ports.templateOf(id);
    const bytes = Buffer.byteLength(template);
    if (bytes > MOST_TEMPLATE_BYTES)
      return {
        kind: 'failed',
        why: `its template has ${bytes} bytes, and CloudFormation takes ${MOST_TEMPLATE_BYTES} without a bucket of that account: npm run synth:member -- ${id}, and deploy it there by hand`,
      };
    const proposed = await stack.propose(template);
    return proposed
      ? { kind: 'deploy', stack, proposed }
      : { kind: 'nothing', isLeft: false, outcome: 'nothing changes' };
  } catch (error) {
    return { kind: 'failed', why: messageOf(error) };
  }
}

const isWidening = ({ step }: Prepared): boolean =>
  step.kind === 'deploy' && step.proposed.changes.some(({ action }) => action !== 'Remove');

/**
 * Looks at each account and has CloudFormation compare, all at once; nothing is changed by it. What one account refuses is
 * kept for its outcome, and keeps no other from being deployed.
 */
export async function prepareAccounts(plans: readonly AccountPlan[], ports: Ports) {
  const prepared = await Promise.all(
    plans.map(async (plan): Promise<Prepared> => ({ plan, step: await prepare(plan, ports) })),
  );
  for (const { plan, step } of prepared) {
    if (step.kind === 'deploy')
      for (const { action, type, name } of step.proposed.changes)
        ports.tell(`account ${plan.called}: ${action} ${type} ${name}`);
    if (step.kind === 'remove') ports.tell(`account ${plan.called}: its roles are removed`);
  }
  const isLeft = ({ plan, step }: Prepared): boolean =>
    plan.does === 'remove' && !(step.kind === 'nothing' && !step.isLeft);

  return {
    /** Whether anything would be given there. CloudFormation does not say whether a policy grows: each change of one counts. */
    widens: prepared.some(isWidening),
    /** Accounts that have, or may have, roles and no entries: the stack goes on saying so, until they are seen to have none. */
    left: prepared.filter(isLeft).map(({ plan: { id, deployRole } }) => ({ id, deployRole })),

    /** Takes back all that was proposed. */
    async discard(): Promise<void> {
      for (const { plan, step } of prepared)
        if (step.kind === 'deploy')
          await step.stack
            .discard(step.proposed)
            .catch((error: unknown) =>
              ports.tell(`account ${plan.called}: a change set is left there: ${messageOf(error)}`),
            );
    },

    /** Does it, in all accounts at once, says each outcome, and answers those that failed. */
    async carryOut(): Promise<string[]> {
      const outcomes = await Promise.all(prepared.map(async ({ step }) => carryOut(step)));
      const failed: string[] = [];
      for (const [nth, { plan }] of prepared.entries()) {
        const { outcome, hasFailed } = outcomes[nth] ?? { outcome: 'it failed', hasFailed: true };
        ports.tell(`account ${plan.called}: ${outcome}`);
        if (hasFailed) failed.push(plan.called);
      }
      return failed;
    },
  };
}

async function carryOut(step: Step): Promise<{ outcome: string; hasFailed: boolean }> {
  if (step.kind === 'nothing') return { outcome: step.outcome, hasFailed: false };
  if (step.kind === 'failed') return { outcome: `FAILED: ${step.why}`, hasFailed: true };
  try {
    if (step.kind === 'deploy') await step.stack.execute(step.proposed);
    else await step.stack.remove();
    return { outcome: step.kind === 'deploy' ? 'deployed' : 'its roles are removed', hasFailed: false };
  } catch (error) {
    return { outcome: `FAILED: ${messageOf(error)}`, hasFailed: true };
  }
}
