import { appendFile, open, readFile, rename, rm } from 'node:fs/promises';
import * as z from 'zod';
import { refused } from './refuse.ts';

/** What was asked for: a partial file goes on with the same, or not at all. */
export type Asked = {
  readonly account: string;
  readonly days: number;
  readonly regions: readonly string[];
  readonly cloudTrail: readonly string[];
};

const headSchema = z.strictObject({
  postern: z.literal('collecting'),
  version: z.literal(1),
  begunAt: z.iso.datetime(),
  asked: z.strictObject({
    account: z.string(),
    days: z.number(),
    regions: z.array(z.string()),
    cloudTrail: z.array(z.string()),
  }),
});
const unitSchema = z.strictObject({ unit: z.string(), value: z.unknown() });

/** Days after which what was read first is too old to go on with. */
const MOST_DAYS = 7;
const DAY_MS = 86_400_000;

/** What was read so far, by unit: a page, a principal, a file. Each is on disk before the next is asked for. */
export type Partial_ = {
  readonly begunAt: Date;
  /** Units that an earlier run left. */
  readonly resumed: number;
  /** The unit's value: what was kept, or what `read` answers now. A value that is kept has gone through JSON. */
  readonly once: <Value>(unit: string, read: () => Promise<Value>) => Promise<Value>;
  /** Writes the finished file in one step, and removes the partial one. */
  readonly finish: (value: object) => Promise<void>;
};

const nameOf = (file: string): string => `${file}.partial`;

/** Goes on with what an earlier run left beside `file`, or begins. Throws `invalid_policy`, with what to do. */
export async function openPartial(file: string, asked: Asked, now: Date): Promise<Partial_> {
  const path = nameOf(file);
  const kept = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw refused(`${path} cannot be read: ${error.code ?? 'unreadable'}`);
  });
  const found = kept === undefined ? undefined : readUnits(path, kept);
  if (found) check(path, found.head, asked, now);
  const head = found?.head ?? { postern: 'collecting', version: 1, begunAt: now.toISOString(), asked };
  // Written anew: a last line that was cut off would be glued to the next.
  const lines = [head, ...[...(found?.units ?? [])].map(([unit, value]) => ({ unit, value }))];
  await writePrivately(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const units = new Map(found?.units);
  return {
    begunAt: new Date(head.begunAt),
    resumed: units.size,
    async once<Value>(unit: string, read: () => Promise<Value>): Promise<Value> {
      if (units.has(unit)) return units.get(unit) as Value;
      const value: unknown = JSON.parse(JSON.stringify((await read()) ?? null));
      await appendFile(path, `${JSON.stringify({ unit, value })}\n`);
      units.set(unit, value);
      return value as Value;
    },
    async finish(value) {
      await writePrivately(file, `${JSON.stringify(value)}\n`);
      await rm(path);
    },
  };
}

function readUnits(path: string, text: string) {
  const lines = text.split('\n');
  // What comes after the last line end was being written when the run ended.
  const whole = lines.slice(0, -1);
  const [first = '', ...rest] = whole;
  const head = headSchema.safeParse(jsonOf(first));
  if (!head.success)
    throw refused(`${path}:1 is no partial collection of version 1: remove it, or name another file.`);
  const units = rest.map((line, nth) => {
    const read = unitSchema.safeParse(jsonOf(line));
    if (!read.success) throw refused(`${path}:${nth + 2} cannot be read: remove the file to begin anew.`);
    return [read.data.unit, read.data.value] as const;
  });
  return { head: head.data, units: new Map(units) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function check(path: string, { asked, begunAt }: z.infer<typeof headSchema>, now_: Asked, now: Date): void {
  if (asked.account !== now_.account)
    throw refused(`${path} is of account ${asked.account}, and these credentials are of ${now_.account}.`);
  if (JSON.stringify(asked) !== JSON.stringify(now_))
    throw refused(`${path} was begun with other options: repeat those, or remove it to begin anew.`);
  if (now.getTime() - Date.parse(begunAt) > MOST_DAYS * DAY_MS)
    throw refused(`${path} was begun on ${begunAt.slice(0, 10)}, too long ago: remove it to begin anew.`);
}

/** An account's policies are for this user's eyes: what an attacker needs is in them. */
async function writePrivately(path: string, text: string): Promise<void> {
  const beside = `${path}.new`;
  await rm(beside, { force: true });
  const handle = await open(beside, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    throw refused(`${path} cannot be written: ${error.code ?? 'not writable'}`);
  });
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(beside, path);
}
