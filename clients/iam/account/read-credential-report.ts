import type { AccountUser } from '../../../policy/account/account.ts';

export type CredentialRow = NonNullable<AccountUser['credentials']> & { readonly user: string };

const dateIn = (text: string | undefined): Date | undefined => {
  const moment = new Date(text ?? '');
  return Number.isNaN(moment.getTime()) ? undefined : moment;
};

/**
 * The rows of a credential report. `N/A`, `no_information` and `not_supported` are no dates.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
 */
export function readCredentialReport(csv: string): CredentialRow[] {
  const [head = '', ...lines] = csv.split(/\r?\n/).filter((line) => line !== '');
  const names = head.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    const cell = (name: string): string | undefined => cells[names.indexOf(name)];
    const isTrue = (name: string): boolean => cell(name)?.toLowerCase() === 'true';
    const dated = <Name extends string>(name: Name, column: string) => {
      const moment = dateIn(cell(column));
      return moment ? ({ [name]: moment } as Record<Name, Date>) : {};
    };
    return {
      user: cell('user') ?? '',
      hasPassword: isTrue('password_enabled'),
      hasMfa: isTrue('mfa_active'),
      ...dated('passwordLastUsed', 'password_last_used'),
      ...dated('created', 'user_creation_time'),
      keys: ['1', '2'].map((nth) => ({
        isActive: isTrue(`access_key_${nth}_active`),
        ...dated('rotated', `access_key_${nth}_last_rotated`),
        ...dated('lastUsed', `access_key_${nth}_last_used_date`),
      })),
    };
  });
}
