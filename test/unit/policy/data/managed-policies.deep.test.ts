import { expect, test } from 'vitest';
import { worthOf } from '../../../../policy/check/escalation/find-paths.ts';
import { type IamData, type PolicyWorth, WORTHS } from '../../../../policy/data/iam-data.ts';
import { parsePolicyValue } from '../../../../policy/parse/parse-policy.ts';
import { managedDocuments, PACKAGE_OF_MANAGED } from '../../../support/managed-policies.ts';
import { data } from '../../../support/policy/check-case.ts';

const documents = managedDocuments();

/** A policy of a role that a service made for itself: nobody can attach it to anything else. */
const isOfService = (name: string): boolean => name.startsWith('aws-service-role/');

function worthsBy(known: IamData): Map<string, PolicyWorth> {
  return new Map(
    (documents ?? []).flatMap(({ arn, document }): [string, PolicyWorth][] => {
      const name = arn.replace(/^arn:aws:iam::aws:policy\//, '');
      const read = parsePolicyValue(document, 'identity');
      if (!read.ok) return [];
      return [[name, isOfService(name) ? 'none' : worthOf(read.policy, known)]];
    }),
  );
}

test.runIf(documents)(
  'policy/data has what each of AWS’s managed policies opens; --update writes it',
  async () => {
    let worths = new Map<string, PolicyWorth>();
    let before: typeof worths;
    // What a policy opens that may attach others depends on what those open.
    do {
      before = worths;
      worths = worthsBy({ ...data, managedPolicies: () => before });
    } while ([...worths].some(([name, worth]) => before.get(name) !== worth));
    expect(worths.size).toBeGreaterThan(1_500);
    expect(worths.get('AdministratorAccess')).toBe('critical');
    expect(worths.get('ReadOnlyAccess')).toBe('none');
    const ranks = [...WORTHS, 'none'];
    const rankOf = (line: string) => ranks.indexOf(line.split(' ')[0] ?? '');
    const lines = [...worths].map(([name, worth]) => `${worth} ${name}`);
    const sorted = lines.sort((left, right) => rankOf(left) - rankOf(right) || (left < right ? -1 : 1));
    await expect([PACKAGE_OF_MANAGED, ...sorted, ''].join('\n')).toMatchFileSnapshot(
      '../../../../policy/data/managed-policies.txt',
    );
  },
  120_000,
);
