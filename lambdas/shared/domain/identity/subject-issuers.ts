import * as z from 'zod';
import { subjectIssuerSchema } from '../principal.ts';

export const subjectIssuersSchema = z.array(subjectIssuerSchema);
/** OIDC issuers, each with the audiences that its tokens must carry one of. */
export type SubjectIssuers = Readonly<z.infer<typeof subjectIssuersSchema>>;

/**
 * Of the issuers that a principal lists, those that the deployment takes tokens of, with the audiences and the
 * clients that are on both lists; all of them where the deployment has no list.
 */
export function acceptedIssuers(listed: SubjectIssuers, taken: SubjectIssuers | undefined): SubjectIssuers {
  if (!taken) return listed;
  return listed.flatMap(({ issuer, audiences, clients = [] }) => {
    const allowed = taken.find((entry) => entry.issuer === issuer);
    const common = audiences.filter((audience) => allowed?.audiences.includes(audience));
    const commonClients = clients.filter((client) => allowed?.clients?.includes(client));
    if (common.length + commonClients.length === 0) return [];
    return [{ issuer, audiences: common, ...(commonClients.length > 0 && { clients: commonClients }) }];
  });
}

/** What a verified token says of whom it was made for. */
type MadeFor = { readonly aud?: unknown; readonly client_id?: unknown; readonly token_use?: unknown };

/**
 * Whether a token was made for one of these audiences. One that names no audience at all counts only as an access
 * token of a client that is listed; one that names another is never looked at further.
 */
export function isMadeFor(
  { aud, client_id: client, token_use: use }: MadeFor,
  { audiences, clients = [] }: SubjectIssuers[number],
): boolean {
  if (aud !== undefined) return [aud].flat().some((audience) => audiences.includes(String(audience)));
  return use === 'access' && typeof client === 'string' && clients.includes(client);
}
