import { ACCESS_REVIEW_SPECS } from '../access-reviews/access-review-specs.ts';
import { VOTE_SPECS } from '../cast-vote/vote-specs.ts';
import { getDirectorySpec } from '../list-catalog/get-directory-spec.ts';
import { getPolicySpec, listPolicyVersionsSpec } from '../list-catalog/get-policy-spec.ts';
import { listCatalogSpec } from '../list-catalog/list-catalog-spec.ts';
import { PEOPLE_SPECS } from '../list-catalog/people-specs.ts';
import { RECORD_SPECS } from '../read-records/record-specs.ts';
import type { OperationSpec } from '../shared/http/operation.ts';
import { OPERATIONS } from './front-door.ts';

/** What the API's document describes: the front door's operations, and those of functions beside it. */
export const API_SPECS: readonly OperationSpec[] = [
  ...OPERATIONS,
  listCatalogSpec,
  getPolicySpec,
  listPolicyVersionsSpec,
  ...PEOPLE_SPECS,
  getDirectorySpec,
  ...VOTE_SPECS,
  ...RECORD_SPECS,
  ...ACCESS_REVIEW_SPECS,
];
