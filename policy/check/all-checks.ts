import { breadthChecks } from './breadth-checks.ts';
import type { Check, FormCheck } from './check.ts';
import { conditionsChecks, conditionsFormChecks } from './conditions-checks.ts';
import { grammarChecks, grammarFormChecks } from './grammar-checks.ts';
import { namesChecks, namesFormChecks } from './names-checks.ts';
import { organizationChecks, organizationFormChecks } from './organization-checks.ts';
import { togetherChecks } from './together-checks.ts';
import { trustChecks, trustFormChecks } from './trust-checks.ts';

/** What the parser refuses, told as findings: the first that takes a refusal tells of it. */
export const FORM_CHECKS: readonly FormCheck[] = [
  ...organizationFormChecks,
  ...grammarFormChecks,
  ...namesFormChecks,
  ...conditionsFormChecks,
  ...trustFormChecks,
];

/** All that is asked of one policy that can be read; escalation is asked of all policies of a principal together. */
export const CHECKS: readonly Check[] = [
  ...grammarChecks,
  ...namesChecks,
  ...conditionsChecks,
  ...breadthChecks,
  ...togetherChecks,
  ...trustChecks,
  ...organizationChecks,
];
