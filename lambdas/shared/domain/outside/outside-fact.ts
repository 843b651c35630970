import * as z from 'zod';
import type { Principal } from '../principal.ts';
import { factNameSchema } from './fact-sources.ts';
import { referenceSchema } from './references.ts';

/** Whom or what a fact is about. */
export const aboutSchema = z
  .string()
  .max(80)
  .regex(
    /^(?:principal:[a-z][a-z0-9_]{1,49}|person:[^\s:]{1,64}|reference:[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}|organisation)$/,
    'principal:<id>, person:<name>, reference:<name> or organisation',
  );

/** Something that a source outside has signed, for as long as it lasts. Whoever verified it made this of it. */
export const outsideFactSchema = z.object({
  source: z.string(),
  /** The key that signed it. */
  kid: z.string(),
  name: factNameSchema,
  about: aboutSchema,
  /** The rota, or the incident; an open reference has none. */
  value: referenceSchema.optional(),
  issuedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
});
export type OutsideFact = z.infer<typeof outsideFactSchema>;

/** Seconds by which a source's clock and ours may differ. */
export const CLOCK_TOLERANCE_SECONDS = 30;

/** Whether it holds at this time. INVARIANT: what is stale is absent. */
export const isInForce = ({ issuedAt, expiresAt }: OutsideFact, now: Date): boolean =>
  new Date(issuedAt).getTime() <= now.getTime() + CLOCK_TOLERANCE_SECONDS * 1000 && new Date(expiresAt) > now;

const PERSON = 'person:';
const REFERENCE = 'reference:';
export const aboutReference = (reference: string): string => `${REFERENCE}${reference}`;
/** The reference that a fact is about; undefined where it is about something else. */
export const referenceOf = (about: string): string | undefined =>
  about.startsWith(REFERENCE) ? about.slice(REFERENCE.length) : undefined;

/** Whether a fact is about a principal: by its id, or about the one person that a human is. An agent is none of its owners. */
export const isAbout = (
  about: string,
  { id, type, persons }: Pick<Principal, 'id' | 'type' | 'persons'>,
): boolean =>
  about === `principal:${id}` ||
  (type === 'human' && about.startsWith(PERSON) && persons.includes(about.slice(PERSON.length)));

/** Most facts of each kind that a decision is given. */
const MOST_OF_A_KIND = { onCall: 60, openReference: 20, incident: 20 } as const;

/** Whose request it is, and what it names: what facts are looked for by. */
export type OutsideWanted = {
  readonly principal: Pick<Principal, 'id' | 'type' | 'persons'>;
  readonly references?: readonly string[] | undefined;
  /** Of tiers: who is on call for them is looked for, whoever asks. */
  readonly rotas?: readonly string[] | undefined;
};

/** Finds the facts in force that a request is decided with. */
export type ReadOutside = (wanted: OutsideWanted) => Promise<OutsideFact[]>;

/** The facts in force that a request is decided with, the newest of each kind first. */
export function relevantTo(
  all: readonly OutsideFact[],
  { principal, references = [], rotas = [] }: OutsideWanted,
  now: Date,
): OutsideFact[] {
  const inForce = all
    .filter((fact) => isInForce(fact, now))
    .toSorted((first, second) => second.issuedAt.localeCompare(first.issuedAt));
  const kinds = {
    onCall: ({ about, value }: OutsideFact) => isAbout(about, principal) || rotas.includes(value ?? ''),
    openReference: ({ about }: OutsideFact) => references.includes(referenceOf(about) ?? ''),
    incident: () => true,
  };
  return factNameSchema.options.flatMap((name) =>
    inForce.filter((fact) => fact.name === name && kinds[name](fact)).slice(0, MOST_OF_A_KIND[name]),
  );
}

/** What guardrails are told of facts: always all three, empty where there are none. */
export type OutsideContext = {
  readonly onCall: readonly string[];
  readonly openReferences: readonly string[];
  readonly incidents: readonly string[];
};

const unique = (names: readonly (string | undefined)[]): string[] =>
  [...new Set(names.filter((name) => name !== undefined))].sort();

/** The context of guardrails: of facts in force, those about whoever asks and what they name. */
export function contextOf(
  inForce: readonly OutsideFact[],
  { principal, references = [] }: OutsideWanted,
): OutsideContext {
  const named = (name: OutsideFact['name']) => inForce.filter((fact) => fact.name === name);
  const open = named('openReference').map(({ about }) => referenceOf(about));
  return {
    onCall: unique(
      named('onCall')
        .filter(({ about }) => isAbout(about, principal))
        .map(({ value }) => value),
    ),
    openReferences: unique(open.filter((reference) => references.includes(reference ?? ''))),
    incidents: unique(named('incident').map(({ value }) => value)),
  };
}
