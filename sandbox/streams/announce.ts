import { randomUUID } from 'node:crypto';
import { ACCOUNT_ID, REGION } from '../../demo/place.ts';
import type { PipeSpec } from '../template/types.ts';
import { matchesPattern } from './matches-pattern.ts';

/** An event as a bus delivers it. */
export type BusEvent = {
  readonly source: string;
  readonly 'detail-type': string;
  readonly detail: unknown;
  readonly [field: string]: unknown;
};

const PLACE_OF_A_VALUE = /<\$\.([\w.]+)>/g;

/**
 * Makes the events that a pipe puts on its bus from a batch of a stream's records, and hands each to the
 * functions whose rules it matches.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-input-transformation.html
 */
export function announce(
  pipe: PipeSpec,
  records: readonly unknown[],
  deliver: (functionArn: string, event: BusEvent) => void,
): void {
  for (const record of records) {
    const event: BusEvent = {
      version: '0',
      id: randomUUID(),
      'detail-type': pipe.detailType,
      source: pipe.source,
      account: ACCOUNT_ID,
      time: new Date().toISOString(),
      region: REGION,
      resources: [],
      detail: JSON.parse(filledIn(pipe.inputTemplate, record)),
    };
    for (const { pattern, functionArns } of pipe.rules)
      if (matchesPattern(pattern, event)) for (const arn of functionArns) deliver(arn, event);
  }
}

const filledIn = (template: string, record: unknown): string =>
  template.replace(PLACE_OF_A_VALUE, (_, path: string) => JSON.stringify(valueAt(record, path)));

/** Throws where the record has no such value: what AWS makes of that is no event of ours. */
function valueAt(record: unknown, path: string): unknown {
  const found = path
    .split('.')
    .reduce<unknown>((value, part) => (value as Record<string, unknown> | undefined)?.[part], record);
  if (found === undefined) throw new Error(`a pipe's record has no ${path}`);
  return found;
}
