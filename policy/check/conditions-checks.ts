import type { Check, FormCheck } from './check.ts';
import { c01OperatorOfAnotherType } from './conditions/c01-operator-of-another-type.ts';
import { c02LikeWithoutWildcard } from './conditions/c02-like-without-wildcard.ts';
import { c03ForAllValuesInAllow } from './conditions/c03-for-all-values-in-allow.ts';
import { c04ForAnyValue } from './conditions/c04-for-any-value.ts';
import { c05SetOperator } from './conditions/c05-set-operator.ts';
import { c06MfaFailsOpen } from './conditions/c06-mfa-fails-open.ts';
import { c07IfExistsInAllow } from './conditions/c07-if-exists-in-allow.ts';
import { c08DenyPassedWithoutKey } from './conditions/c08-deny-passed-without-key.ts';
import { c09ValueOfAnotherType } from './conditions/c09-value-of-another-type.ts';
import { c10SourceIpRange } from './conditions/c10-source-ip-range.ts';
import { c11Contradiction } from './conditions/c11-contradiction.ts';
import { c12AlwaysTrue } from './conditions/c12-always-true.ts';
import { c13EmptyCondition } from './conditions/c13-empty-condition.ts';

export const conditionsFormChecks: readonly FormCheck[] = [c09ValueOfAnotherType];

export const conditionsChecks: readonly Check[] = [
  c01OperatorOfAnotherType,
  c02LikeWithoutWildcard,
  c03ForAllValuesInAllow,
  c04ForAnyValue,
  c05SetOperator,
  c06MfaFailsOpen,
  c07IfExistsInAllow,
  c08DenyPassedWithoutKey,
  c10SourceIpRange,
  c11Contradiction,
  c12AlwaysTrue,
  c13EmptyCondition,
];
