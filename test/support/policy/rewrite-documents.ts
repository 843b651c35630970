import type { Document, Situation } from './situation.ts';

export type PlainStatement = Readonly<Record<string, unknown>>;

const statementsOf = (document: Document): readonly PlainStatement[] =>
  [document.Statement as PlainStatement | readonly PlainStatement[]].flat();

/** The situation with every policy document rewritten. */
export function mapDocuments(situation: Situation, rewrite: (document: Document) => Document): Situation {
  const { identity, boundary, session, serviceControl, resource, resourceControl } = situation.policies;
  return {
    ...situation,
    policies: {
      identity: identity.map(rewrite),
      ...(boundary && { boundary: rewrite(boundary) }),
      ...(session && { session: session.map(rewrite) }),
      ...(serviceControl && { serviceControl: serviceControl.map((level) => level.map(rewrite)) }),
      ...(resource && { resource: rewrite(resource) }),
      ...(resourceControl && { resourceControl: resourceControl.map(rewrite) }),
    },
  };
}

/** The situation with every statement of every policy rewritten. */
export const mapStatements = (
  situation: Situation,
  rewrite: (statement: PlainStatement) => PlainStatement,
): Situation =>
  mapDocuments(situation, (document) => ({ ...document, Statement: statementsOf(document).map(rewrite) }));

/** A value or a list of them, each rewritten; what is rewritten to undefined is left out, and `none` put for nothing. */
export function mapTexts(
  value: unknown,
  rewrite: (text: string) => string | undefined,
  none: string,
): string | string[] {
  const texts = [value as string | string[]].flat().flatMap((text) => rewrite(String(text)) ?? []);
  return texts.length === 0 ? none : texts;
}
