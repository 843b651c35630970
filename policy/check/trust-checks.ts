import type { Check, FormCheck } from './check.ts';
import { t01Everyone } from './trust/t01-everyone.ts';
import { t02OtherAccountWithoutExternalId } from './trust/t02-other-account-without-external-id.ts';
import { t03ServiceWithoutSource } from './trust/t03-service-without-source.ts';
import { t04OidcWithoutAudienceAndSubject } from './trust/t04-oidc-without-audience-and-subject.ts';
import { t05OpenSubject } from './trust/t05-open-subject.ts';
import { t06SamlWithoutAudience } from './trust/t06-saml-without-audience.ts';
import { t07NotPrincipalInAllow } from './trust/t07-not-principal-in-allow.ts';
import { t08DeletedPrincipal } from './trust/t08-deleted-principal.ts';
import { t09SessionActionsMissing } from './trust/t09-session-actions-missing.ts';
import { t10OpenToOthers } from './trust/t10-open-to-others.ts';
import { t11BucketWithoutTls } from './trust/t11-bucket-without-tls.ts';

export const trustFormChecks: readonly FormCheck[] = [t07NotPrincipalInAllow];

export const trustChecks: readonly Check[] = [
  t01Everyone,
  t02OtherAccountWithoutExternalId,
  t03ServiceWithoutSource,
  t04OidcWithoutAudienceAndSubject,
  t05OpenSubject,
  t06SamlWithoutAudience,
  t08DeletedPrincipal,
  t09SessionActionsMissing,
  t10OpenToOthers,
  t11BucketWithoutTls,
];
