import type { Account } from '../../policy/account/account.ts';
import { type Audit, auditAccount } from '../../policy/audit/audit-account.ts';
import type { Finding } from '../../policy/check/finding.ts';
import { answerControls } from '../../policy/compliance/answer-controls.ts';
import type { Framework } from '../../policy/compliance/framework.ts';
import { policiesNotAsked } from '../../policy/compliance/not-asked.ts';
import type { IamData } from '../../policy/data/iam-data.ts';
import { groupBy } from '../../policy/group-by.ts';
import type { PolicyType } from '../../policy/parse/policy-model.ts';
import type { Replayed } from '../../policy/right-size/replay-calls.ts';
import { documentOfPolicy, rightSize } from '../../policy/right-size/right-size.ts';
import type { ComplianceReport } from './outputs/describe-controls.ts';

/** A policy as it would be without what is unused, and whether others hold the same. */
export type SizedPolicy = {
  readonly name: string;
  readonly isInline: boolean;
  /** How many other principals have it: what is unused by one may be used by them. */
  readonly sharedWith: number;
  readonly document: object;
};

/** What is suggested for one principal; or why nothing is, though something is unused. */
export type SuggestedSize = { readonly name: string; readonly arn: string } & (
  | {
      readonly removed: readonly string[];
      readonly replayed: Replayed;
      readonly policies: readonly SizedPolicy[];
    }
  | { readonly whyNot: string }
);

/** An audit as it is told: with the controls of a framework and right-sized policies, where they were asked for. */
export type AuditReport = Audit & {
  readonly compliance?: ComplianceReport;
  readonly rightSized?: readonly SuggestedSize[];
};

export type ReportOptions = {
  readonly breakGlass: readonly string[];
  readonly framework?: Framework | undefined;
  readonly isSized: boolean;
};

const patternOf = (name: string): RegExp =>
  new RegExp(
    `^${name
      .split('*')
      .map((part) => part.replace(/[\\^$.+?()[\]{}|]/g, '\\$&'))
      .join('.*')}$`,
  );

/** All findings of a report, those of principals among them. */
export const findingsOf = ({ findings, principals }: Audit): Finding[] => [
  ...findings,
  ...principals.flatMap(({ escalations }) => escalations),
];

/** Judges an account, and answers what else was asked for. */
export function reportOf(
  account: Account,
  { breakGlass, framework, isSized }: ReportOptions,
  data: IamData,
): AuditReport {
  const audit = auditAccount(account, { breakGlass: breakGlass.map(patternOf) }, data);
  const notAsked = new Map([
    ...policiesNotAsked({
      types: new Set<PolicyType>([
        'identity',
        'trust',
        ...(account.serviceControl.length > 0 ? (['scp'] as const) : []),
        ...(account.resourceControl.length > 0 ? (['rcp'] as const) : []),
      ]),
      isWhole: audit.principals.every(({ unreadPolicies }) => unreadPolicies.length === 0),
      given: new Set(),
    }),
    ...audit.notAssessed.map(({ id, why }): [string, string] => [id, why]),
  ]);
  return {
    ...audit,
    ...(framework && {
      compliance: {
        framework: framework.name,
        ...(framework.note && { note: framework.note }),
        controls: answerControls(framework, { findings: findingsOf(audit), notAsked }),
      },
    }),
    ...(isSized && { rightSized: sizesOf(account, audit, data) }),
  };
}

/** For each principal with something known to be unused: its policies without that. */
function sizesOf(account: Account, audit: Audit, data: IamData): SuggestedSize[] {
  const all = [...account.users, ...account.roles];
  const holders = new Map<string, number>();
  for (const { policies } of all)
    for (const { text, isInline } of policies) if (!isInline) holders.set(text, (holders.get(text) ?? 0) + 1);
  const calls = groupBy(account.seen?.calls ?? [], ({ principal }) => principal);
  const byArn = new Map(all.map((entry) => [entry.arn, entry]));
  return audit.principals.flatMap(({ arn, name, uses }): SuggestedSize[] => {
    const entry = byArn.get(arn);
    const held = (entry?.policies ?? []).filter(({ policy }) => policy !== undefined);
    const sized = rightSize(
      held.flatMap(({ policy }) => policy ?? []),
      uses,
      data,
      {
        others: (entry && 'groupPolicies' in entry ? entry.groupPolicies : []).flatMap(
          ({ policy }) => policy ?? [],
        ),
        calls: calls.get(arn) ?? [],
      },
    );
    if (!sized) return [];
    if ('whyNot' in sized) return [{ name, arn, whyNot: sized.whyNot }];
    const policies = sized.policies.flatMap((policy, nth): SizedPolicy[] => {
      const from = held[nth];
      if (!from?.policy || isSame(policy, from.policy)) return [];
      const sharedWith = from.isInline ? 0 : (holders.get(from.text) ?? 1) - 1;
      return [{ name: from.name, isInline: from.isInline, sharedWith, document: documentOfPolicy(policy) }];
    });
    return [{ name, arn, removed: sized.removed, replayed: sized.replayed, policies }];
  });
}

const isSame = (policy: object, other: object): boolean => JSON.stringify(policy) === JSON.stringify(other);
