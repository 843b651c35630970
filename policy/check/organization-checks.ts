import type { Check, FormCheck } from './check.ts';
import { o01NotOfThisType } from './organization/o01-not-of-this-type.ts';
import { o02NoEmergencyExemption } from './organization/o02-no-emergency-exemption.ts';
import { o03AllowList } from './organization/o03-allow-list.ts';
import { o04RolesWithoutBoundary } from './organization/o04-roles-without-boundary.ts';
import { o05SessionWiderThanReference } from './organization/o05-session-wider-than-reference.ts';
import { o06Drift } from './organization/o06-drift.ts';

export const organizationFormChecks: readonly FormCheck[] = [o01NotOfThisType];

export const organizationChecks: readonly Check[] = [
  o02NoEmergencyExemption,
  o03AllowList,
  o04RolesWithoutBoundary,
  o05SessionWiderThanReference,
  o06Drift,
];
