import { z } from 'zod';
import { subjectIssuerSchema } from '../principal.ts';

export const subjectIssuersSchema = z.array(subjectIssuerSchema);
/** OIDC issuers, each with the audiences that its tokens must carry one of. */
export type SubjectIssuers = Readonly<z.infer<typeof subjectIssuersSchema>>;

/**
 * Of the issuers that a principal lists, those that the deployment takes tokens of, with the audiences that are on
 * both lists; all of them where the deployment has no list.
 */
export function acceptedIssuers(listed: SubjectIssuers, taken: SubjectIssuers | undefined): SubjectIssuers {
  if (!taken) return listed;
  return listed.flatMap(({ issuer, audiences }) => {
    const allowed = taken.find((one) => one.issuer === issuer)?.audiences ?? [];
    const common = audiences.filter((audience) => allowed.includes(audience));
    return common.length > 0 ? [{ issuer, audiences: common }] : [];
  });
}
