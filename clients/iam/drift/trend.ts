import { appendFile, readFile } from 'node:fs/promises';
import * as z from 'zod';
import { PosternError } from '../../sdk/postern-error.ts';

const lineSchema = z.object({
  on: z.iso.date(),
  /** That of the whole, where there is one. */
  score: z.number().min(0).max(100).optional(),
  scores: z.record(z.string().max(2_048), z.number().min(0).max(100)),
});
/** The scores of one day. */
export type TrendLine = z.infer<typeof lineSchema>;

/** Days that are read of a file that grows. */
const MOST_LINES = 10_000;

const refused = (detail: string): PosternError => new PosternError({ code: 'invalid_policy', detail });

/** The days that a trend has; none where there is no file yet. Throws `invalid_policy` with the line that is none. */
export async function readTrend(file: string): Promise<TrendLine[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw refused(`${file} cannot be read: ${error.code ?? 'unreadable'}`);
  });
  const lines = text.split('\n').filter((line) => line !== '');
  if (lines.length > MOST_LINES) throw refused(`${file} has more than ${MOST_LINES} lines: begin another.`);
  return lines.map((line, nth) => {
    const read = lineSchema.safeParse(jsonOf(line));
    if (read.success) return read.data;
    throw refused(`${file}:${nth + 1} is no line of a trend: it may have been cut off.`);
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Adds today's scores, and answers all days with them: of a day that is there twice the last counts. */
export async function addToTrend(file: string, today: TrendLine): Promise<TrendLine[]> {
  const days = await readTrend(file);
  await appendFile(file, `${JSON.stringify(today)}\n`).catch((error: NodeJS.ErrnoException) => {
    throw refused(`${file} cannot be written: ${error.code ?? 'not writable'}`);
  });
  return [...new Map([...days, today].map((line) => [line.on, line])).values()];
}
