import type { AccountCheck } from './account-check.ts';
import { a01RootKeys } from './checks/a01-root-keys.ts';
import { a02RootMfa } from './checks/a02-root-mfa.ts';
import { a03UserWithoutMfa } from './checks/a03-user-without-mfa.ts';
import { a04OldKey } from './checks/a04-old-key.ts';
import { a05UnusedCredentials } from './checks/a05-unused-credentials.ts';
import { a06PolicyOnUser } from './checks/a06-policy-on-user.ts';
import { a07Administrator } from './checks/a07-administrator.ts';
import { a08UnusedRole } from './checks/a08-unused-role.ts';
import { a09UnusedService } from './checks/a09-unused-service.ts';
import { a10UnusedAction } from './checks/a10-unused-action.ts';
import { a11NoAnalyzer } from './checks/a11-no-analyzer.ts';
import { a12NoMultiRegionTrail } from './checks/a12-no-multi-region-trail.ts';
import { a13PasswordPolicy } from './checks/a13-password-policy.ts';
import { a14CloudShell } from './checks/a14-cloud-shell.ts';
import { a15NoSupportRole } from './checks/a15-no-support-role.ts';

export const ACCOUNT_CHECKS: readonly AccountCheck[] = [
  a01RootKeys,
  a02RootMfa,
  a03UserWithoutMfa,
  a04OldKey,
  a05UnusedCredentials,
  a06PolicyOnUser,
  a07Administrator,
  a08UnusedRole,
  a09UnusedService,
  a10UnusedAction,
  a11NoAnalyzer,
  a12NoMultiRegionTrail,
  a13PasswordPolicy,
  a14CloudShell,
  a15NoSupportRole,
];
