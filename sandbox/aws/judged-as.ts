import type { PolicyDocument } from './types.ts';

/**
 * The library's data lists these as taking no resource; AWS takes the state machine's ARN. They are judged as
 * an action that takes one.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/auth-and-access-control-sfn.html
 */
const STAND_IN = 'states:StartExecution';
const JUDGED_AS_IT = new Set([
  'states:SendTaskSuccess',
  'states:SendTaskFailure',
  'states:SendTaskHeartbeat',
]);
/** The name of no action. */
const NOBODY = 'states:None';

type Statement = { Action?: string | string[]; NotAction?: string | string[] };

/** The action by the name that it is judged by. */
export const judgedName = (action: string): string => (JUDGED_AS_IT.has(action) ? STAND_IN : action);

/** The document as it says for the stand-in what it said for `action`; untouched where there is none. */
export function judgedDocument(document: PolicyDocument, action: string): PolicyDocument {
  if (!JUDGED_AS_IT.has(action)) return document;
  const named = (pattern: string): string => {
    if (matches(pattern, action)) return STAND_IN;
    return matches(pattern, STAND_IN) ? NOBODY : pattern;
  };
  const statements = [document.Statement as Statement | Statement[]].flat().map((statement) => ({
    ...statement,
    ...(statement.Action !== undefined && { Action: [statement.Action].flat().map(named) }),
    ...(statement.NotAction !== undefined && { NotAction: [statement.NotAction].flat().map(named) }),
  }));
  return { ...document, Statement: statements };
}

/** IAM's own wildcards; actions are compared without case. */
function matches(pattern: string, action: string): boolean {
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${expression}$`, 'i').test(action);
}
