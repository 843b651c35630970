import * as z from 'zod';

/** Why somebody may not vote on a request. */
export const voterRefusalSchema = z.enum([
  'not_active',
  /** Not of the tier's group. */
  'not_in_group',
  /** Only people vote. */
  'not_human',
  /** Whoever asks never approves. */
  'asks_for_it',
  'owns_asking_agent',
  /** The requester, under another name. */
  'same_person',
  /** The change is about the voter. */
  'change_about_voter',
  /** The voter is the user on whose behalf it is asked. */
  'asked_for_them',
]);
export type VoterRefusal = z.infer<typeof voterRefusalSchema>;

/** Why a vote that was cast does not count. Sentences are made of these where they are shown. */
export const discountSchema = z.enum([
  ...voterRefusalSchema.options,
  'tier_not_configured',
  /** This person voted before. */
  'voted_before',
  /** It is not the ballot that was cast. */
  'ballot_changed',
  /** The principal is no longer the person who voted. */
  'another_person',
  // A vote that a passkey is to prove:
  /** The voter has no such passkey, or no longer. */
  'passkey_unknown',
  /** It does not prove this vote: another decision, place or person, or nobody was verified. */
  'passkey_refused',
  /** Its counter went backwards: there may be a copy of it. */
  'passkey_counter',
  // An approval for a window, given on an earlier request:
  'window_not_of_approval',
  'window_over',
  'rules_changed',
]);
export type Discount = z.infer<typeof discountSchema>;
