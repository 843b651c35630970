import * as z from 'zod';

/** Whether models are told the identifiers of the subjects for whom agents ask. */
export const subjectsInPromptsSchema = z.enum(['shown', 'hidden']);
export type SubjectsInPrompts = z.infer<typeof subjectsInPromptsSchema>;

/** The same as a function's environment says it; shown where it says nothing. Throws for any other word. */
export const readSubjectsInPrompts = (said: string | undefined): SubjectsInPrompts =>
  subjectsInPromptsSchema.default('shown').parse(said || undefined);
