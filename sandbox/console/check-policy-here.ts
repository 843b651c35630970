import { checkInputs } from '../../clients/iam/check-inputs.ts';
import { CHECKABLE_TYPES } from '../../clients/iam/inputs/read-inputs.ts';
import { plainReport } from '../../clients/iam/outputs/plain-report.ts';
import { readIamData } from '../../clients/iam/read-iam-data.ts';
import type { CheckedPolicy } from '../../console/views/pages/findings-page.ts';

export const POLICY_TYPES = CHECKABLE_TYPES;
let data: ReturnType<typeof readIamData> | undefined;

/** The toolkit's answer to one policy: what `postern iam check` says of it. */
export function checkPolicyHere(named: string, text: string): CheckedPolicy {
  const type = CHECKABLE_TYPES.find((known) => known === named) ?? 'identity';
  data ??= readIamData();
  const found = [{ name: 'the policy', file: 'the policy', type, text }];
  const { policies } = plainReport(checkInputs({ found, unread: [] }, { data }, false));
  const [policy] = policies;
  return {
    score: policy?.score,
    findings: (policy?.findings ?? []).map((finding) => ({ ...finding, path: String(finding.path) })),
    unread: policy?.isRead === false ? 'It could not be read as a policy.' : undefined,
  };
}
