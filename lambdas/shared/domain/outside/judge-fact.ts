import * as z from 'zod';
import {
  type FactName,
  type FactSource,
  type FactSources,
  factNameSchema,
  isNamedBy,
} from './fact-sources.ts';
import {
  aboutSchema,
  CLOCK_TOLERANCE_SECONDS,
  type OutsideFact,
  outsideFactSchema,
  referenceOf,
} from './outside-fact.ts';
import { referenceSchema } from './references.ts';

/** Why a fact is not taken; each told to its sender. */
export const FACT_REFUSALS = {
  not_a_fact:
    'It is no fact: a JWT of the type fact+jwt, with the fields that docs/facts.md lists and no others.',
  source_unknown: 'Its "iss" is no source of facts.json.',
  key_unknown:
    'It is signed by a key that its source does not have, or has no longer: the "kid" is not listed.',
  signature_wrong: 'Its signature is not that of the key that it names.',
  for_another: 'Its "aud" is not the audience of facts.json.',
  not_stated_by_source:
    'Its source may not state this: facts.json lists neither the fact nor the name for it.',
  about_does_not_fit: 'Such a fact is not about that: see "about" in docs/facts.md.',
  too_long: 'It would last longer than facts.json lets its source say.',
  from_the_future: 'It was made in the future: look at the clock of its source.',
  expired: 'It has expired.',
} as const;
export type FactRefusal = keyof typeof FACT_REFUSALS;

const seconds = z.number().int().min(0).max(4_102_444_800);
const claimsSchema = z.strictObject({
  iss: z.string(),
  aud: z.string(),
  iat: seconds,
  exp: seconds,
  jti: z.string().max(200).optional(),
  fact: factNameSchema,
  about: aboutSchema,
  value: referenceSchema.optional(),
  /** `false`: it no longer holds. */
  holds: z.boolean().default(true),
});

/** Whom or what each fact is about, and whether it has a value. */
const FORMS: Readonly<Record<FactName, { readonly about: RegExp; readonly hasValue: boolean }>> = {
  onCall: { about: /^(?:person|principal):/, hasValue: true },
  openReference: { about: /^reference:/, hasValue: false },
  incident: { about: /^organisation$/, hasValue: true },
};

/** A fact that may be taken, whether it holds or ended, and for how long an older one of the same could last. */
export type JudgedFact = {
  readonly fact: OutsideFact;
  readonly holds: boolean;
  readonly longestSeconds: number;
};

const dateOf = (epochSeconds: number): string => new Date(epochSeconds * 1000).toISOString();

/**
 * Judges what a fact says, whose signature by `kid` of this source was verified. INVARIANT: a source states what its entry
 * lists, and nothing else.
 */
export function judgeFact(
  payload: unknown,
  {
    source,
    kid,
    audience,
  }: { readonly source: FactSource; readonly kid: string } & Pick<FactSources, 'audience'>,
  now: Date,
): JudgedFact | FactRefusal {
  const parsed = claimsSchema.safeParse(payload);
  if (!parsed.success) return 'not_a_fact';
  const { iss, aud, iat, exp, fact: name, about, value, holds } = parsed.data;
  if (iss !== source.id) return 'source_unknown';
  if (aud !== audience) return 'for_another';
  const form = FORMS[name];
  if (!form.about.test(about) || (value !== undefined) !== form.hasValue) return 'about_does_not_fit';
  const stated = source.states.find(({ fact }) => fact === name);
  if (!stated || !isNamedBy(stated.values, value ?? referenceOf(about) ?? '')) return 'not_stated_by_source';
  const nowSeconds = now.getTime() / 1000;
  if (iat > nowSeconds + CLOCK_TOLERANCE_SECONDS) return 'from_the_future';
  if (exp <= iat || exp <= nowSeconds) return 'expired';
  if (exp - iat > stated.longestSeconds) return 'too_long';
  const fact = outsideFactSchema.parse({
    source: source.id,
    kid,
    name,
    about,
    ...(value !== undefined && { value }),
    issuedAt: dateOf(iat),
    expiresAt: dateOf(exp),
  });
  return { fact, holds, longestSeconds: stated.longestSeconds };
}
