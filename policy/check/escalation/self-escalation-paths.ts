import type { EscalationPath } from './path.ts';
import { p31 } from './self-escalation/p31-iam-001.ts';
import { p35 } from './self-escalation/p35-iam-005.ts';
import { p37 } from './self-escalation/p37-iam-007.ts';
import { p38 } from './self-escalation/p38-iam-008.ts';
import { p39 } from './self-escalation/p39-iam-009.ts';
import { p40 } from './self-escalation/p40-iam-010.ts';
import { p41 } from './self-escalation/p41-iam-011.ts';
import { p43 } from './self-escalation/p43-iam-013.ts';
import { p71 } from './self-escalation/p71-iam-set-default-policy-version.ts';
import { p97 } from './self-escalation/p97-sso-attach-managed-policy-to-permission-set.ts';
import { p98 } from './self-escalation/p98-sso-put-inline-policy-to-permission-set.ts';

export const selfEscalationPaths: readonly EscalationPath[] = [
  p31,
  p35,
  p37,
  p38,
  p39,
  p40,
  p41,
  p43,
  p71,
  p97,
  p98,
];
