import type { Policy } from '../../parse/policy-model.ts';
import { allowsAction } from '../breadth/openness.ts';
import type { Finding } from '../finding.ts';
import { atStatement } from '../places.ts';
import { type Attached, type OpenPath, severityOf } from './find-paths.ts';
import type { EscalationCategory } from './path.ts';

const TITLES: Record<EscalationCategory, string> = {
  'self-escalation': 'the caller can give itself more',
  'principal-access': 'the caller can become somebody else',
  'new-passrole': 'the caller can start something with a role of its choice',
  'existing-passrole': 'the caller can take over what has a role',
  impact: 'the caller can let others in, or blind who watches',
};

const REMEDY =
  'Take one of the actions away, name the resources, limit it by a condition, or set a permissions boundary.';

/** The statement that allows the first action. */
function placeOf(policy: Policy | undefined, action = ''): Pick<Finding, 'path' | 'position'> {
  const statement = policy?.statements.find((entry) => allowsAction(entry, action));
  return statement ? atStatement(statement) : { path: '' };
}

function aboutAttached({ unknown }: Attached): string {
  return unknown === undefined
    ? ' It gives what the worst policy opens that may be attached.'
    : ` Whether it gives anything depends on what may be attached: what ${unknown} allows is not known here.`;
}

/** Open paths told as findings of a policy, or of a principal that has several. */
export const findingsOfPaths = (name: string, open: readonly OpenPath[], policy?: Policy): Finding[] =>
  open.map((way) => {
    const { path, requests, isProved, attached } = way;
    const [request] = requests;
    const actions = [...new Set(requests.map(({ action }) => action))];
    const upstream = path.upstream === undefined ? '' : ` (pathfinding.cloud ${path.upstream})`;
    const doubt = isProved ? '' : ' It could not be decided for every step, and is told to be safe.';
    return {
      id: path.id,
      severity: severityOf(way),
      title: TITLES[path.category],
      why: path.how,
      remedy: REMEDY,
      policy: name,
      ...placeOf(policy, actions[0]),
      detail: `${actions.join(', ')}: ${path.how}${upstream}${attached ? aboutAttached(attached) : ''}${doubt}`,
      ...(request && { request }),
    };
  });
