import { html } from 'hono/html';
import { sayEvent } from '../../../clients/audit/say-event.ts';
import type { ExecutionView } from '../../../lambdas/read-records/record-specs.ts';
import type { AuditEvent } from '../../../lambdas/shared/domain/audit/audit-record.ts';
import { type Html, inBrief, when } from './pieces.ts';

const BAD: ReadonlySet<AuditEvent> = new Set(['denied', 'failed', 'expired', 'revoked', 'suspended']);

const MOMENT = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)/;

/** What happened, in a sentence, with its moments as people read them. */
export const sentenceOf = (event: AuditEvent, facts: Record<string, unknown>, most: number): Html =>
  html`${inBrief(sayEvent(event, facts), most)
    .split(MOMENT)
    .map((part) => (MOMENT.test(part) && !Number.isNaN(Date.parse(part)) ? when(part) : part))}`;

/** Where a decision ends the request, the record of its end says the same. */
const isToldNext = (record: Recorded, next: Recorded | undefined): boolean =>
  record.event === 'decided' && next?.event === 'denied';
type Recorded = ExecutionView['records'][number];

/** What is recorded of a request, a sentence each, in order. */
export const storyOf = (records: ExecutionView['records'], now: Html | undefined): Html =>
  html`<ol class="story">
    ${records
      .filter((record, nth) => !isToldNext(record, records[nth + 1]))
      .map(
        ({ event, facts, at: recordedAt }) =>
          html`<li class="${BAD.has(event) ? 'no' : 'done'}">${sentenceOf(event, facts, 600)} <span class="dim small">${when(recordedAt)}</span></li>`,
      )}
    ${now ? html`<li class="now">${now}</li>` : ''}
  </ol>`;

/** The states that it went through: from left to right, on a phone from above. */
export const flowOf = (steps: ExecutionView['steps']): Html =>
  html`<ol class="flow">
    ${steps.map(
      ({ state, mark }) =>
        html`<li class="${mark}" data-state="${state}"><span>${state}${mark === 'now' ? ' (now)' : ''}</span></li>`,
    )}
  </ol>`;

const HIDDEN = /^(taskToken|claimToken|sealed|secretAccessKey|sessionToken|privateKey|mac)$/i;

/** A value as indented JSON. Names whose values only the workflow needs are left out, wherever they come from. */
export const jsonOf = (value: unknown): string =>
  JSON.stringify(value, (name, inner) => (HIDDEN.test(name) ? '(hidden)' : inner), 2);
