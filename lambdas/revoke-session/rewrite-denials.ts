import { DependencyUnavailable } from '../shared/domain/errors.ts';
import { type Denials, denialPolicyOf, noDenials } from '../shared/domain/revocation/denials.ts';

export type DenialPorts = {
  denials: {
    get(roleArn: string): Promise<Denials | undefined>;
    /** False where somebody else wrote since these were read. */
    write(denials: Denials): Promise<boolean>;
  };
  rolePolicies: { putDenials(roleArn: string, policyDocument: string): Promise<void> };
};

/** How often a writer that was overtaken begins again. */
const MOST_ATTEMPTS = 20;

/**
 * Changes what is denied on a role, and writes its policy. False, with nothing changed, where `change` answers
 * undefined.
 *
 * IAM knows no conditional write, so the order of two writers is the table's: each puts the policy of the newest
 * version it can read, and begins again where the version moved while it did. The last to put has put the newest.
 */
export async function rewriteDenials(
  roleArn: string,
  change: (denials: Denials) => Denials | undefined,
  { denials, rolePolicies }: DenialPorts,
): Promise<boolean> {
  if (!(await writeChange(roleArn, change, denials))) return false;
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const newest = (await denials.get(roleArn)) ?? noDenials(roleArn);
    await rolePolicies.putDenials(roleArn, denialPolicyOf(newest));
    if ((await denials.get(roleArn))?.version === newest.version) return true;
  }
  throw new DependencyUnavailable('denials table: others write faster than this');
}

async function writeChange(
  roleArn: string,
  change: (denials: Denials) => Denials | undefined,
  denials: DenialPorts['denials'],
): Promise<boolean> {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const next = change((await denials.get(roleArn)) ?? noDenials(roleArn));
    if (!next) return false;
    if (await denials.write(next)) return true;
  }
  throw new DependencyUnavailable('denials table: no version could be written');
}
