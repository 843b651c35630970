import type { JsonValue } from '../../../sandbox/states/asl-types.ts';
import type { Course } from './run-in-sandbox.ts';

/** Where two interpreters went apart in a case: at its end, in a state entered, or in how often functions were called. */
export type Difference = { readonly what: string; readonly sandbox: string; readonly moto: string };

/** The causes of errors are each runtime's own words; the names of errors are the contract. */
function withoutCauses(value: JsonValue | undefined): JsonValue | undefined {
  if (Array.isArray(value)) return value.map((item) => withoutCauses(item) ?? null);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'Cause')
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, withoutCauses(item) ?? null]),
  );
}

const short = (value: unknown) => (JSON.stringify(value) ?? 'nothing').slice(0, 200);
const calls = (course: Course) => Object.entries(course.calls).toSorted();

/** Compares two courses of one case. A field that is absent and one that is null are the same. */
export function compareCourses(sandbox: Course, moto: Course): Difference[] {
  const parts = (course: Course): [string, unknown][] => [
    ['status', course.status],
    ['error', course.error ?? null],
    ['output', withoutCauses(course.output) ?? null],
    ['states entered', course.entered.map(({ state }) => state)],
    ['calls', calls(course)],
    ...course.entered.map(({ state, input }, index): [string, unknown] => [
      `input of ${state}, entered as number ${index + 1}`,
      withoutCauses(input),
    ]),
  ];
  const other = new Map(parts(moto).map(([what, value]) => [what, short(value)]));
  return parts(sandbox)
    .map(([what, value]) => ({ what, sandbox: short(value), moto: other.get(what) ?? 'nothing' }))
    .filter((difference) => difference.sandbox !== difference.moto);
}
