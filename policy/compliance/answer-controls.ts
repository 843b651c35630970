import type { Finding } from '../check/finding.ts';
import type { Control, ControlAnswer, Framework } from './framework.ts';

/** What was looked at, and what was found there. */
export type Evidence = {
  readonly findings: readonly Finding[];
  /** Ids of checks that were not asked, with why. */
  readonly notAsked: ReadonlyMap<string, string>;
};

/** Whether a control's check, which may end in a star, means this one. */
export const isOf = (check: string, id: string): boolean =>
  check.endsWith('*') ? id.startsWith(check.slice(0, -1)) : id === check;

/**
 * Answers each control of a framework. A finding of any check that is evidence says *not met*. *Met* takes every such
 * check asked and silent; where one was not asked, nobody can say.
 */
export const answerControls = ({ controls }: Framework, evidence: Evidence): ControlAnswer[] =>
  controls.map((control) => answer(control, evidence));

function answer({ id, title, checks }: Control, { findings, notAsked }: Evidence): ControlAnswer {
  // A note is for the reader: it speaks against nothing.
  const against = findings.filter(
    (finding) => finding.severity !== 'note' && checks.some((check) => isOf(check, finding.id)),
  );
  if (against.length > 0)
    return {
      ...{ id, title },
      state: 'not met',
      because: [...new Set(against.map((finding) => `${finding.id} ${finding.policy}: ${finding.detail}`))],
    };
  const open = checks.flatMap((check) => {
    const [why] = [...notAsked].filter(([id]) => isOf(check, id)).map(([, reason]) => reason);
    return why === undefined ? [] : [`${check}: ${why}`];
  });
  return open.length > 0
    ? { id, title, state: 'not assessable from this', because: open }
    : { id, title, state: 'met', because: [] };
}
