import type { EscalationPath } from './path.ts';
import { p32 } from './principal-access/p32-iam-002.ts';
import { p33 } from './principal-access/p33-iam-003.ts';
import { p34 } from './principal-access/p34-iam-004.ts';
import { p36 } from './principal-access/p36-iam-006.ts';
import { p42 } from './principal-access/p42-iam-012.ts';
import { p44 } from './principal-access/p44-iam-014.ts';
import { p45 } from './principal-access/p45-iam-015.ts';
import { p46 } from './principal-access/p46-iam-016.ts';
import { p47 } from './principal-access/p47-iam-017.ts';
import { p48 } from './principal-access/p48-iam-018.ts';
import { p49 } from './principal-access/p49-iam-019.ts';
import { p50 } from './principal-access/p50-iam-020.ts';
import { p51 } from './principal-access/p51-iam-021.ts';
import { p65 } from './principal-access/p65-sts-001.ts';
import { p99 } from './principal-access/p99-sso-create-account-assignment.ts';
import { p116 } from './principal-access/p116-iam-update-samlprovider.ts';
import { p117 } from './principal-access/p117-iam-create-service-specific-credential.ts';
import { p124 } from './principal-access/p124-eks-create-access-entry.ts';
import { p128 } from './principal-access/p128-sts-assume-root.ts';

export const principalAccessPaths: readonly EscalationPath[] = [
  p32,
  p33,
  p34,
  p36,
  p42,
  p44,
  p45,
  p46,
  p47,
  p48,
  p49,
  p50,
  p51,
  p65,
  p99,
  p116,
  p117,
  p124,
  p128,
];
