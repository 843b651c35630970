import type { Position } from '../parse/policy-model.ts';
import type { ShownRequest } from '../prove/shown-request.ts';

/** From the worst to the least. `error`: AWS would not take it, or it cannot mean what it says. */
export const SEVERITIES = ['critical', 'error', 'high', 'medium', 'low', 'note'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Whether one is as bad as the other, or worse. */
export const isAtLeast = (severity: Severity, other: Severity): boolean =>
  SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(other);

/** A policy document as JSON, its statements in a list. */
export type PolicyDocument = { [element: string]: unknown; Statement: { [element: string]: unknown }[] };

/** Where in a policy a check found something, and what. Texts may hold what the policy's author wrote. */
export type Hit = {
  /** The element, as in `Statement[0].Action[1]`; empty for the whole policy. */
  readonly path: string;
  readonly position?: Position;
  /** What is wrong, in one sentence. */
  readonly detail: string;
  /** Where it is not the check's own. */
  readonly severity?: Severity;
  /** A request that shows it. */
  readonly request?: ShownRequest;
  /** A change that would take it away. It is offered only where it is proved to open nothing. */
  readonly fix?: (document: PolicyDocument) => void;
};

/** What a check found, with the check's own words. */
export type Finding = Omit<Hit, 'fix' | 'severity'> & {
  readonly id: string;
  readonly severity: Severity;
  readonly title: string;
  /** Why it matters. */
  readonly why: string;
  /** What to do. */
  readonly remedy: string;
  /** The policy's name: a file, a resource of a template. */
  readonly policy: string;
  /** The policy without it: parsed, checked again, and proved to be within the one that there was. */
  readonly fixed?: PolicyDocument;
};
