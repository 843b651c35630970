import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { refused } from '../refuse.ts';
import type { gatherCalls } from './gather-calls.ts';
import { readAthenaResult } from './read-athena-result.ts';

/** Bytes of one file once it is unpacked: a trail writes a new one long before. */
const MOST_BYTES = 500_000_000;

/** Files that may hold what a trail saw: log files, an event a line, and a query's result. Digests are none. */
export const isTrailFile = (name: string): boolean =>
  /\.(?:json|json\.gz|jsonl|csv)$/.test(name) && !/CloudTrail-(?:Digest|Insight)/.test(name);

/**
 * Adds what one file tells: a log file of CloudTrail (`Records`, packed or not), lines of events, or the CSV that Athena
 * answered to the query of docs/iam.md. Throws `invalid_policy`, with where, for a file that is cut off or something else.
 */
export async function readTrailFile(
  name: string,
  bytes: Uint8Array,
  calls: ReturnType<typeof gatherCalls>,
): Promise<void> {
  const text = await textOf(name, bytes);
  if (name.endsWith('.csv')) return readAthenaResult(name, text, calls);
  if (name.endsWith('.jsonl')) {
    for (const [nth, line] of text.split('\n').entries())
      if (line.trim() !== '') calls.addEvent(jsonOf(line, `${name}:${nth + 1}`));
    return;
  }
  const value = jsonOf(text, name);
  const records =
    typeof value === 'object' && value !== null && 'Records' in value ? value.Records : undefined;
  if (!Array.isArray(records)) throw refused(`${name} is no log file of CloudTrail: it has no Records.`);
  for (const event of records) calls.addEvent(event);
}

async function textOf(name: string, bytes: Uint8Array): Promise<string> {
  if (!name.endsWith('.gz')) return new TextDecoder().decode(bytes);
  try {
    const unpacked = await promisify(gunzip)(bytes, { maxOutputLength: MOST_BYTES });
    return new TextDecoder().decode(unpacked);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE')
      throw refused(`${name} has more than ${MOST_BYTES} bytes unpacked: no more are read.`);
    const isCutOff = code === 'Z_BUF_ERROR';
    throw refused(
      isCutOff
        ? `${name} is cut off after ${bytes.byteLength} bytes: get it again.`
        : `${name} cannot be unpacked: it is no gzip, or damaged.`,
    );
  }
}

function jsonOf(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refused(`${where} is no JSON: it may have been cut off.`);
  }
}
