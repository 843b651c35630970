import * as z from 'zod';

/** A token as it travels: verifiers pass over a line feed at its end, so what is none of its letters is refused here. */
export const subjectTokenField = z
  .string()
  .max(8192)
  .regex(/^[\x21-\x7e]+$/, 'must be visible ASCII characters');

export const delegationField = z
  .string()
  .max(128)
  .regex(/^[A-Za-z0-9_.-]+$/, 'must be a delegation’s token');

export const idempotencyKeyField = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, 'must be 1 to 255 visible ASCII characters');
