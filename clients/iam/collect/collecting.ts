import type { Partial_ } from './partial-file.ts';
import { isDenied, type Read } from './reads.ts';

/** What each step of collecting works with. */
export type Collecting = {
  readonly account: string;
  readonly read: Read;
  readonly once: Partial_['once'];
  /** Tells how far it is. */
  readonly tell: (text: string) => void;
  readonly wait: (milliseconds: number) => Promise<void>;
  /** Days of calls that are looked at, counted back from when collecting began. */
  readonly days: number;
  readonly begunAt: Date;
  readonly home: string;
  readonly regions: readonly string[];
  /** What could not be read, by the part of the file that it would have been in. */
  readonly gaps: Record<string, string>;
};

/** Why a permission that is missing makes a gap: what the call would have needed, and in which words it was refused. */
const wordsOf = (action: string, error: { code: string }): string => `${error.code}: ${action}`;

/** What a step answers; where a permission is missing, undefined and a gap that names it. */
export async function orGap<Value>(
  { gaps }: Pick<Collecting, 'gaps'>,
  part: string,
  step: () => Promise<Value>,
): Promise<Value | undefined> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof DeniedRead)) throw error;
    gaps[part] = error.message;
    return undefined;
  }
}

/** A permission that is missing, with the action that it is for. */
export class DeniedRead extends Error {
  override readonly name = 'DeniedRead';
}

/** A reader whose refusals for want of a permission name the action. */
export const namingDenials =
  (read: Read): Read =>
  async (name, input, region) => {
    try {
      return await read(name, input, region);
    } catch (error) {
      if (isDenied(error)) throw new DeniedRead(wordsOf(name, error));
      throw error;
    }
  };

/** Pages of an answer that follow each other; bounded, since a service that repeats a marker would never end. */
export async function* pagesOf<Page>(
  ask: (marker: string | undefined) => Promise<{ page: Page; next: string | undefined }>,
  most = 10_000,
): AsyncGenerator<Page> {
  let marker: string | undefined;
  for (let nth = 0; nth < most; nth += 1) {
    const { page, next } = await ask(marker);
    yield page;
    if (next === undefined) return;
    if (next === marker) throw new Error('AWS answered the same page twice');
    marker = next;
  }
  throw new Error(`AWS answered more than ${most} pages`);
}
