import * as z from 'zod';

/** What the account that the broker runs in is called: no other may have the name. */
export const BROKERS_ACCOUNT = 'broker';

const UNIT = /^[A-Za-z0-9][\w .-]*(\/[A-Za-z0-9][\w .-]*)*$/;

/** Another account of the organisation, whose resources are brokered too. */
export const memberAccountSchema = z.strictObject({
  id: z.string().regex(/^\d{12}$/, 'is not an AWS account id: twelve digits'),
  /** What people and keys of the catalog call it. */
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,30}$/, 'is not a name: small letters, digits and -, 31 at most')
    .refine((name) => name !== BROKERS_ACCOUNT, { error: 'is what the broker’s own account is called' }),
  /** The organisational unit that it is in, as a path: `workloads/prod`. */
  unit: z.string().max(200).regex(UNIT, 'is not a path of organisational units: workloads/prod').optional(),
  /** The role there that `deploy` assumes. Without it, whoever administers the account deploys by hand. */
  deployRole: z
    .string()
    .regex(/^[\w+=,.@/-]{1,512}$/, 'is not the name of a role')
    .refine((name) => !name.startsWith('/') && !name.endsWith('/'), { error: 'is not the name of a role' })
    .optional(),
});
export type MemberAccount = z.infer<typeof memberAccountSchema>;

/** What an entry says of the account that it is in. */
export type EntryAccount = Pick<MemberAccount, 'id' | 'name' | 'unit'>;

const UNIT_PREFIX = 'ou:';

/** How an entry names accounts: one by its id, or all of a unit and of the units in it. */
export const namedAccountsSchema = z
  .array(
    z
      .string()
      .refine(
        (text) =>
          /^\d{12}$/.test(text) ||
          (text.startsWith(UNIT_PREFIX) && UNIT.test(text.slice(UNIT_PREFIX.length))),
        {
          error: 'names neither an account, by its twelve digits, nor a unit, as ou:workloads/prod',
        },
      ),
  )
  .min(1)
  .max(100);

const isWithin = (unit: string | undefined, outer: string): boolean =>
  unit === outer || (unit?.startsWith(`${outer}/`) ?? false);

/** The accounts that a name of `accounts` stands for; none where nothing of it is listed. */
export const accountsNamed = (name: string, listed: readonly MemberAccount[]): MemberAccount[] =>
  name.startsWith(UNIT_PREFIX)
    ? listed.filter(({ unit }) => isWithin(unit, name.slice(UNIT_PREFIX.length)))
    : listed.filter(({ id }) => id === name);

/** An account that a list has twice, by its id or its name, and what to do. */
export function problemOfAccounts(listed: readonly MemberAccount[]): string | undefined {
  for (const field of ['id', 'name'] as const) {
    const values = listed.map((account) => account[field]);
    const twice = values.find((value, index) => values.indexOf(value) !== index);
    if (twice !== undefined) return `accounts: ${field} ${twice} is listed twice; list each account once`;
  }
  return undefined;
}

/** The account of an entry in words that people read: its name, its id, and its unit. */
export const accountInWords = ({ name, id, unit }: EntryAccount): string =>
  `account ${name} (${id}${unit === undefined ? '' : `, ${unit}`})`;
