import { visibleText } from '../../../lambdas/shared/domain/text/show-hostile-text.ts';
import type { ControlAnswer } from '../../../policy/compliance/framework.ts';

/** The answers for one framework, as they are told and as they are data. */
export type ComplianceReport = {
  readonly framework: string;
  readonly note?: string;
  readonly controls: readonly ControlAnswer[];
};

/** Reasons of one control that are told. */
const MOST_REASONS = 3;

/** Control by control: met, not met, or not assessable from what was given; never that anybody is compliant. */
export function describeControls({ framework, note, controls }: ComplianceReport): string[] {
  const width = Math.max(...controls.map(({ id }) => id.length));
  return [
    `${visibleText(framework)}: what was looked at, control by control. It is evidence, and no certificate.`,
    ...(note === undefined ? [] : [`  ${visibleText(note)}`]),
    ...controls.flatMap(({ id, title, state, because }) => [
      `  ${visibleText(id).padEnd(width)}  ${state.padEnd(24)}  ${visibleText(title)}`,
      ...because.slice(0, MOST_REASONS).map((reason) => `  ${''.padEnd(width)}    ${visibleText(reason)}`),
      ...(because.length > MOST_REASONS
        ? [`  ${''.padEnd(width)}    and ${because.length - MOST_REASONS} more`]
        : []),
    ]),
  ];
}
