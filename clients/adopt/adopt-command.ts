import { type Command, InvalidArgumentError, Option } from 'commander';
import { visibleText } from '../../lambdas/shared/domain/text/show-hostile-text.ts';
import type { Account } from '../../policy/account/account.ts';
import { type CliContext, commonOf, print } from '../cli/cli-context.ts';
import { readAccount } from '../iam/account/read-account.ts';
import { principalOf, suggestFor } from '../iam/as-catalog/write-as-catalog.ts';
import { readIamData } from '../iam/read-iam-data.ts';
import { PosternError } from '../sdk/postern-error.ts';
import { describeAdoption, describeQuietness } from './describe-adoption.ts';
import { type Adopted, quietnessOf } from './uses-of.ts';
import { idFor, writeAdopted } from './write-adopted.ts';

type Options = {
  readonly from: string;
  readonly owner?: readonly string[];
  readonly as?: string;
  readonly type: 'agent' | 'human';
  readonly into: string;
  readonly inUse?: boolean;
  readonly days: number;
};

/** What `--in-use` ends with, so that a script can take the keys away where they are quiet. */
const EXIT_OF = { quiet: 0, 'in-use': 1, unknown: 3 } as const;

const MOST_DAYS = 400;
function daysOf(text: string): number {
  const days = Number(text);
  if (Number.isInteger(days) && days >= 1 && days <= MOST_DAYS) return days;
  throw new InvalidArgumentError(`must be 1 to ${MOST_DAYS}`);
}

/** `postern adopt`: from keys that are in use today to a principal that asks. */
export function addAdopt(program: Command, context: CliContext): void {
  program
    .command('adopt')
    .description(
      'turn what the keys of a role or user were really used for into catalog entries, guardrails and a principal to review; --in-use says whether they have gone quiet, and exits 0 quiet, 1 in use, 3 not known',
    )
    .argument('<name>', 'of the role or user')
    .requiredOption('--from <file>', 'the account, as `postern iam audit --collect` read it')
    .option('--owner <person...>', 'the natural persons behind it, as `persons` of a principal has them')
    .option('--as <id>', 'the principal’s id; else made of the name')
    .addOption(new Option('--type <type>', 'of the principal').choices(['agent', 'human']).default('agent'))
    .option('--into <folder>', 'where it is written; `postern apply` takes it', 'adopted')
    .option('--in-use', 'write nothing: say whether its keys are used for more than asking the broker')
    .option('--days <number>', 'with --in-use: unused for so many days is quiet', daysOf, 14)
    .action(async (name: string, _: unknown, command: Command) => {
      const options = command.opts<Options>();
      const data = readIamData();
      const account = await readAccount(options.from, data);
      if (options.inUse) return tellUse(account, principalOf(account, name), options, command);
      if (!options.owner)
        throw new PosternError({
          code: 'no_owner',
          detail: 'Say whose it is: --owner <person>. They never approve what it asks for.',
        });
      const { type, owner: owners, as: id = idFor(name) } = options;
      const written = await writeAdopted(suggestFor(account, name, data), { id, type, owners }, options.into);
      print(written, describeAdoption(name, options.into, written), commonOf(command), context);
    });

  function tellUse(account: Account, principal: Adopted, { days }: Options, command: Command): void {
    const quietness = quietnessOf(account, principal, days);
    const told = describeQuietness(visibleText(principal.name), principal, quietness, days);
    print({ name: principal.name, days, ...quietness }, told, commonOf(command), context);
    context.exitWith(EXIT_OF[quietness.state]);
  }
}
