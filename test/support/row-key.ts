import type { CatalogResource } from '../../lambdas/shared/domain/catalog/catalog.ts';

/** What the test's tokens say of a subject besides its id; nothing of one of them. */
export const attributesOf = (subject: string): { tenant: string } | undefined =>
  subject === 'c-2077' ? undefined : { tenant: `t-${subject}` };

/** The key of a subject's rows, by what the catalog's pattern means and not by the code that fills it in. */
export const rowKeyOf = (
  { leadingKey = '${subject}' }: Pick<CatalogResource, 'leadingKey'>,
  subject: string,
): string => leadingKey.split('${subject.tenant}').join(`t-${subject}`).split('${subject}').join(subject);
