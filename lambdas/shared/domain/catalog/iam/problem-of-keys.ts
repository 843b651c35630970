import type { CatalogResource } from '../catalog.ts';
import { partsAsWritten, problemOfArn } from './check-arn.ts';
import type { IamData } from './iam-data.ts';
import { didYouMean } from './near-name.ts';

/** Keys by which an entry is encrypted, and services that a key is used through. */
export function problemOfKeys(
  { arns, kmsKeyArn, viaService }: CatalogResource,
  iam: IamData,
): string | undefined {
  if (viaService !== undefined && !iam.services.includes(viaService))
    return `"viaService": "${viaService}" is no service of AWS${didYouMean(viaService, iam.services)}`;
  if (kmsKeyArn === undefined) return undefined;
  const problem = problemOfArn('kms-key', kmsKeyArn, iam);
  if (problem) return `"kmsKeyArn" ${problem}`;
  const { region } = partsAsWritten(kmsKeyArn);
  const other = arns.map((arn) => partsAsWritten(arn).region).find((theirs) => theirs && theirs !== region);
  return (
    other &&
    `"kmsKeyArn" is of the region ${region}, and what it encrypts of ${other}; a key works in its own region alone`
  );
}
