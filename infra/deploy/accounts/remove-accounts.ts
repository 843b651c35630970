import type { RecordedAccount } from '../../recorded-accounts.ts';
import { NotReady } from '../not-ready.ts';
import type { AccountStack, OtherAccount } from './account-stack.ts';

type Ports = {
  open(account: OtherAccount): Promise<Pick<AccountStack, 'remove'>>;
  tell(line: string): void;
};

/**
 * Removes the brokered roles of other accounts, and says each outcome. Throws NotReady where any is left, once all were
 * tried: the broker's own stack, which alone knows of them, has to stay until they are gone or given up. One without a
 * deployRole is said and stops nothing: no run could ever go there, and nobody can assume its roles once the broker's are gone.
 */
export async function removeAccounts(
  accounts: readonly RecordedAccount[],
  { open, tell }: Ports,
): Promise<void> {
  const left: string[] = [];
  for (const { id, deployRole } of accounts) {
    if (deployRole === undefined) {
      tell(`account ${id}: it has no deployRole: its administrator deletes the stack PosternMember there`);
      continue;
    }
    try {
      const wasThere = await (await open({ id, deployRole })).remove();
      tell(`account ${id}: ${wasThere ? 'its roles are removed' : 'it has no roles any more'}`);
    } catch (error) {
      left.push(id);
      tell(`account ${id}: LEFT: ${error instanceof Error ? error.message : 'it failed'}`);
    }
  }
  if (left.length > 0)
    throw new NotReady(
      `roles are left in ${left.join(', ')}, and nothing here was deleted: run npm run teardown again, with --forget <id> for what others look after`,
    );
}
