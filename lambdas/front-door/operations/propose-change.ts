import * as z from 'zod';
import { canonicalJson, digestOf } from '../../shared/domain/digest.ts';
import type { IssuersConfig } from '../../shared/domain/identity/issuers.ts';
import { newPrincipalSchema } from '../../shared/domain/identity/proposed-principal.ts';
import { problemOfSignIn } from '../../shared/domain/identity/sign-in/problem-of-sign-in.ts';
import { isOfDirectory } from '../../shared/domain/people/directory-principal.ts';
import { problemOfTemplate } from '../../shared/domain/people/problem-of-template.ts';
import { type Template, templateSchema } from '../../shared/domain/people/template.ts';
import type { Policy, Principal } from '../../shared/domain/principal.ts';
import { type Answer, operation } from '../../shared/http/operation.ts';
import { Problem } from '../../shared/http/problems.ts';
import { parsePart } from '../../shared/http/read-input.ts';
import { type OpeningPorts, openRequest } from '../../shared/requests/open-request.ts';
import { MAX_PROPOSAL, newChangeSchema, waitQuerySchema } from '../request-bodies.ts';
import { linkedViewOf, linkedViewSchema, retryAfterOf } from '../request-views.ts';
import { type WaitingPorts, waitForDecision } from '../wait-for-row.ts';

const proposedSchema = z.object({ proposal: newPrincipalSchema });
const proposedTemplateSchema = z.object({ proposal: templateSchema });

type Proposed = z.output<typeof newChangeSchema>;

const refused = (message: string) =>
  new Problem('invalid_request', `proposal: ${message}.`, { errors: [{ field: 'proposal', message }] });

/** The exact text that is reviewed, approved and applied. */
function textOf(change: Proposed, issuers: IssuersConfig): string {
  if (change.kind === 'policy') {
    if (isOfDirectory(change.target)) throw refused(OF_DIRECTORY);
    return change.proposal;
  }
  const { target, proposal } = change;
  if (change.kind === 'template') return templateTextOf(target, proposal, issuers);
  const entry = typeof proposal === 'string' ? fromJson(proposal) : proposal;
  const principal = parsePart(proposedSchema, { proposal: entry }, 'body').proposal;
  if (isOfDirectory(target) !== (principal.directory !== undefined)) throw refused(OF_DIRECTORY);
  if (principal.id !== target) throw refused('its "id" must be the target');
  const problem = problemOfSignIn(principal, issuers);
  if (problem) throw refused(problem);
  return typeof proposal === 'string' ? proposal : toJson(proposal);
}

const OF_DIRECTORY = 'the directory says what this principal is; here only its status can change';

function templateTextOf(target: string, proposal: string | object, issuers: IssuersConfig): string {
  const entry = typeof proposal === 'string' ? fromJson(proposal) : proposal;
  const template = parsePart(proposedTemplateSchema, { proposal: entry }, 'body').proposal;
  if (template.id !== target) throw refused('its "id" must be the target');
  const problem = problemOfTemplate(template, issuers);
  if (problem) throw refused(problem);
  return typeof proposal === 'string' ? proposal : toJson(proposal);
}

/** An entry as the text that is applied. Canonical JSON has no form for half a surrogate pair. */
function toJson(entry: object): string {
  let text: string;
  try {
    text = canonicalJson(entry);
  } catch {
    throw refused('must be well-formed Unicode');
  }
  if (text.length > MAX_PROPOSAL) throw refused(`must be at most ${MAX_PROPOSAL} characters as JSON`);
  return text;
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refused('must be a principal as JSON');
  }
}

/** What a change may be about, as it is in force. */
type TargetPorts = {
  readonly policies: { get(principalId: string): Promise<Policy | undefined> };
  readonly principals: { get(principalId: string): Promise<Principal | undefined> };
  readonly directory: { template(id: string): Promise<Template | undefined> };
};
export type ProposingPorts = OpeningPorts &
  WaitingPorts &
  TargetPorts & { readonly issuers: () => IssuersConfig };

/** The version a proposal is written against; 0 where its target does not exist yet. */
async function baseVersionOf({ kind, target }: Proposed, ports: TargetPorts): Promise<number> {
  const inForce = {
    policy: () => ports.policies.get(target),
    principal: () => ports.principals.get(target),
    template: () => ports.directory.template(target),
  };
  return (await inForce[kind]())?.version ?? 0;
}

export const proposeChange = operation({
  id: 'proposeChange',
  method: 'POST',
  path: '/changes',
  summary: 'Propose a new policy text, principal or template.',
  description: 'A request like any other: exactly this text is reviewed, approved by people, and applied.',
  query: waitQuerySchema,
  body: newChangeSchema,
  maxBodyBytes: 64 * 1024,
  readsIdempotencyKey: true,
  answers: { 202: { description: 'The change request, recorded and under way.', schema: linkedViewSchema } },
  problems: ['grant_not_selectable', 'idempotency_conflict', 'limit_reached', 'requests_suspended'],
  async run(call, ports: ProposingPorts): Promise<Answer> {
    const { kind, target, reason } = call.body;
    const proposal = textOf(call.body, ports.issuers());
    const baseVersion = await baseVersionOf(call.body, ports);
    const change = { kind, target, proposal, proposalDigest: digestOf(proposal), baseVersion };
    const opened = await openRequest({ reason, dryRun: false, change }, call, ports);
    const row = await waitForDecision(opened, call.query.wait ?? 0, call.deadline, ports);
    const body = linkedViewOf(row, call.basePath);
    return { status: 202, body, headers: { location: body.links.self, ...retryAfterOf(row) } };
  },
});
