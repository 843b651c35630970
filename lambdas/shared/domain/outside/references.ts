import * as z from 'zod';
import { digestOf } from '../digest.ts';

/** Most references of one request. */
export const MOST_REFERENCES = 5;

/**
 * What a request names beside its reason: a ticket, an incident, a change. The requester's own word, which nobody
 * verified. Plain characters, all of which a session tag takes.
 */
export const referenceSchema = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}$/,
    'a reference: letters, digits and . _ : / -, at most 64 characters, the first a letter or a digit',
  );

/** The references of one request; in any order, each of them once. */
export const referencesSchema = z
  .array(referenceSchema)
  .min(1)
  .max(MOST_REFERENCES)
  .refine((references) => new Set(references).size === references.length, {
    message: 'must each be named once',
  })
  .meta({ uniqueItems: true });

/** In one order, whichever they came in: the same ones are the same request. */
export const inOrder = (references: readonly string[]): string[] => [...references].sort();

/** Longest value of a session tag. @see https://docs.aws.amazon.com/STS/latest/APIReference/API_Tag.html */
const MOST_TAG = 256;

/** References as the value of a session tag: in words where there is room for all, else their digest. */
export function tagOfReferences(references: readonly string[]): string {
  const words = references.join(' ');
  return words.length <= MOST_TAG && !words.startsWith('sha256:') ? words : digestOf(references);
}

/** Stands for any reference where it is asked what a request could get. No request can name it. */
export const ANY_REFERENCE = '(any)';
