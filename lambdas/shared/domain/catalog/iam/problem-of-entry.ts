import { type CatalogResource, grantableActions } from '../catalog.ts';
import { problemOfAction } from './check-action.ts';
import { problemOfArn } from './check-arn.ts';
import { problemOfFit } from './check-fit.ts';
import type { IamData } from './iam-data.ts';
import { problemOfKeys } from './problem-of-keys.ts';
import { problemOfServiceWide } from './problem-of-service-wide.ts';
import { problemOfWidening } from './problem-of-widening.ts';

const SECRET_SUFFIX = /-[A-Za-z0-9]{6}$/;

/**
 * A secret's ARN ends in six characters that AWS draws, and its name may end alike: no look tells the two apart.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html#ARN_secretnamehyphen
 */
function problemOfSecret({ kind, arns, wholeArns }: CatalogResource): string | undefined {
  const unclear = kind === 'secret' && wholeArns === undefined && arns.find((arn) => SECRET_SUFFIX.test(arn));
  return unclear
    ? `${unclear} may be a whole ARN, or the name of a secret that ends like one; say "wholeArns": true or false`
    : undefined;
}

/**
 * What IAM would make useless or wrong of an entry of the catalog, and what to write instead; undefined where each of
 * its actions exists and can be done to what the entry names.
 */
export function problemOfEntry(resource: CatalogResource, iam: IamData): string | undefined {
  for (const arn of resource.arns) {
    const problem = problemOfArn(resource.kind, arn, iam);
    if (problem) return `${arn} ${problem}`;
  }
  for (const action of grantableActions(resource)) {
    const problem = problemOfAction(resource, action, iam);
    if (problem) return problem;
  }
  return (
    problemOfSecret(resource) ??
    problemOfServiceWide(resource, iam) ??
    problemOfWidening(resource, iam) ??
    problemOfFit(resource, iam) ??
    problemOfKeys(resource, iam)
  );
}
