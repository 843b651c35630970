import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { isOf } from '../../policy/compliance/answer-controls.ts';
import type { Framework } from '../../policy/compliance/framework.ts';
import { FRAMEWORKS } from '../../policy/compliance/frameworks.ts';
import { CHECK_IDS } from '../../policy/compliance/not-asked.ts';
import { PosternError } from '../sdk/postern-error.ts';

const schema = z.strictObject({
  name: z.string().min(1).max(200),
  note: z.string().max(1000).optional(),
  controls: z
    .array(
      z.strictObject({
        id: z.string().min(1).max(100),
        title: z.string().min(1).max(300),
        checks: z.array(z.string().regex(/^[A-Z](?:\d{2,3}|\*)$/)).min(1),
      }),
    )
    .min(1),
});

const isKnown = (check: string): boolean => [...CHECK_IDS].some((id) => isOf(check, id));

const refused = (detail: string): PosternError => new PosternError({ code: 'invalid_policy', detail });

/** A framework by its id, or one's own from a file. Throws `invalid_policy`. */
export async function frameworkOf(name: string): Promise<Framework> {
  const known = FRAMEWORKS.find(({ id }) => id === name);
  if (known) return known;
  const text = await readFile(name, 'utf8').catch(() => {
    throw refused(
      `There is no framework ${name}: there are ${FRAMEWORKS.map(({ id }) => id).join(', ')}, or a file.`,
    );
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refused(`${name} is no JSON.`);
  }
  const read = schema.safeParse(value);
  if (read.success) {
    const { note, ...rest } = read.data;
    // One that there is not would never find anything, and its control would be met for ever.
    const unknown = rest.controls.find(({ checks }) => !checks.every(isKnown));
    if (unknown)
      throw refused(
        `${name}: ${unknown.id}: there is no check ${unknown.checks.find((check) => !isKnown(check))}.`,
      );
    return { id: name, ...rest, ...(note !== undefined && { note }) };
  }
  const [first] = read.error.issues;
  throw refused(`${name}: ${first?.path.join('.')}: ${first?.message}`);
}
