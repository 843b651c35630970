import type { Check, FormCheck } from './check.ts';
import { n01UnknownService } from './names/n01-unknown-service.ts';
import { n02ActionForm } from './names/n02-action-form.ts';
import { n02UnknownAction } from './names/n02-unknown-action.ts';
import { n03MatchesNoAction } from './names/n03-matches-no-action.ts';
import { n04UnknownOperator } from './names/n04-unknown-operator.ts';
import { n05UnknownGlobalKey } from './names/n05-unknown-global-key.ts';
import { n06KeyForm } from './names/n06-key-form.ts';
import { n06KeyNotCarried } from './names/n06-key-not-carried.ts';
import { n07MalformedArn } from './names/n07-malformed-arn.ts';
import { n08PlaceOfArn } from './names/n08-place-of-arn.ts';
import { n09ArnOfNoResourceType } from './names/n09-arn-of-no-resource-type.ts';
import { n10TakesOnlyStar } from './names/n10-takes-only-star.ts';
import { n11AccountId } from './names/n11-account-id.ts';
import { n11AccountIdForm } from './names/n11-account-id-form.ts';
import { n12UnknownPlace } from './names/n12-unknown-place.ts';
import { n13Variable } from './names/n13-variable.ts';
import { n13VariableForm } from './names/n13-variable-form.ts';
import { n14Repeated } from './names/n14-repeated.ts';
import { n15Deprecated } from './names/n15-deprecated.ts';

export const namesFormChecks: readonly FormCheck[] = [
  n02ActionForm,
  n06KeyForm,
  n04UnknownOperator,
  n07MalformedArn,
  n11AccountIdForm,
  n13VariableForm,
];

export const namesChecks: readonly Check[] = [
  n01UnknownService,
  n02UnknownAction,
  n03MatchesNoAction,
  n05UnknownGlobalKey,
  n06KeyNotCarried,
  n08PlaceOfArn,
  n09ArnOfNoResourceType,
  n10TakesOnlyStar,
  n11AccountId,
  n12UnknownPlace,
  n13Variable,
  n14Repeated,
  n15Deprecated,
];
