import { checkInputs } from '../../clients/iam/check-inputs.ts';
import { CHECKABLE_TYPES } from '../../clients/iam/inputs/read-inputs.ts';
import { plainReport } from '../../clients/iam/outputs/plain-report.ts';
import type { CheckedPolicy } from '../views/pages/findings-page.ts';
import { iamData } from './iam-data.ts';

/** What a policy can be attached as. */
export const POLICY_TYPES = CHECKABLE_TYPES;

/** Characters of a policy that is looked at here; AWS's longest has a tenth. */
export const MOST_POLICY = 200_000;

/** The toolkit's answer to one policy: what `postern iam check` says of it. */
export function checkPolicy(named: string, text: string): CheckedPolicy {
  if (text.length > MOST_POLICY)
    return {
      findings: [],
      unread: `It has ${text.length} characters: no more than ${MOST_POLICY} are looked at here.`,
    };
  const type = CHECKABLE_TYPES.find((known) => known === named) ?? 'identity';
  const found = [{ name: 'the policy', file: 'the policy', type, text }];
  const { policies } = plainReport(checkInputs({ found, unread: [] }, { data: iamData() }, false));
  const [policy] = policies;
  return {
    score: policy?.score,
    findings: (policy?.findings ?? []).map((finding) => ({ ...finding, path: String(finding.path) })),
    unread: policy?.isRead === false ? 'It could not be read as a policy.' : undefined,
  };
}
