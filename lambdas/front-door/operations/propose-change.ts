import type * as z from 'zod';
import { type Change, MOST_BUNDLE_BYTES } from '../../shared/domain/access-request.ts';
import { BUNDLE_TARGET, nameOfPart, textOfBundle } from '../../shared/domain/bundle/bundle.ts';
import { problemsOfBundle } from '../../shared/domain/bundle/problems-of-bundle.ts';
import { digestOf } from '../../shared/domain/digest.ts';
import type { IssuersConfig } from '../../shared/domain/identity/issuers.ts';
import type { Template } from '../../shared/domain/people/template.ts';
import type { Policy, Principal } from '../../shared/domain/principal.ts';
import { type Answer, operation } from '../../shared/http/operation.ts';
import { Problem } from '../../shared/http/problems.ts';
import { type OpeningPorts, openRequest } from '../../shared/requests/open-request.ts';
import { newChangeSchema, waitQuerySchema } from '../request-bodies.ts';
import { linkedViewOf, linkedViewSchema, retryAfterOf } from '../request-views.ts';
import { type ProposedPart, textOfPart } from '../text-of-part.ts';
import { type WaitingPorts, waitForDecision } from '../wait-for-row.ts';

/** What a change may be about, as it is in force. */
type TargetPorts = {
  readonly policies: { get(principalId: string): Promise<Policy | undefined> };
  readonly principals: { get(principalId: string): Promise<Principal | undefined> };
  readonly directory: { template(id: string): Promise<Template | undefined> };
};
export type ProposingPorts = OpeningPorts &
  WaitingPorts &
  TargetPorts & { readonly issuers: () => IssuersConfig };

/** The version in force; 0 where there is none yet. */
async function versionOf({ kind, target }: ProposedPart, ports: TargetPorts): Promise<number> {
  const inForce = {
    policy: () => ports.policies.get(target),
    principal: () => ports.principals.get(target),
    template: () => ports.directory.template(target),
  };
  return (await inForce[kind]())?.version ?? 0;
}

type Body = z.output<typeof newChangeSchema>;
type Bundle = Extract<Body, { kind: 'bundle' }>;

async function changeOf(body: Exclude<Body, Bundle>, ports: ProposingPorts): Promise<Change> {
  const { kind, target } = body;
  const proposal = textOfPart(body, ports.issuers());
  const baseVersion = await versionOf(body, ports);
  return { kind, target, proposal, proposalDigest: digestOf(proposal), baseVersion };
}

const invalidParts = (problems: readonly string[]) =>
  new Problem('invalid_request', `parts: ${problems.join('; ')}.`, {
    errors: problems.map((message) => ({ field: 'parts', message })),
  });

/** A part's own problem, with the part that it is of. */
function partOf(part: Bundle['parts'][number], index: number, issuers: IssuersConfig) {
  const { kind, target, baseVersion } = part;
  try {
    return { kind, target, baseVersion, proposal: textOfPart(part, issuers) };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const errors = (error.extras.errors ?? []).map(({ field, message }) => ({
      field: `parts[${index}].${field}`,
      message,
    }));
    throw new Problem(error.code, `${nameOfPart(part)}: ${error.message}`, { errors });
  }
}

async function bundleOf(body: Bundle, ports: ProposingPorts): Promise<Change> {
  const parts = body.parts.map((part, index) => partOf(part, index, ports.issuers()));
  const problems = problemsOfBundle(parts);
  if (problems.length > 0) throw invalidParts(problems);
  const versions = await Promise.all(parts.map((part) => versionOf(part, ports)));
  const stale = parts.filter(({ baseVersion }, index) => baseVersion !== versions[index]);
  if (stale.length > 0) {
    const detail = `Changed meanwhile: ${stale.map(nameOfPart).join(', ')}. Look at what is in force, and propose anew.`;
    throw new Problem('change_stale', detail);
  }
  const proposal = textOfBundle(parts);
  const bytes = Buffer.byteLength(JSON.stringify(proposal));
  if (bytes > MOST_BUNDLE_BYTES)
    throw invalidParts([
      `make ${bytes} bytes as JSON, of which one change takes ${MOST_BUNDLE_BYTES}: propose fewer`,
    ]);
  return {
    kind: body.kind,
    target: BUNDLE_TARGET,
    proposal,
    proposalDigest: digestOf(proposal),
    baseVersion: 0,
  };
}

export const proposeChange = operation({
  id: 'proposeChange',
  method: 'POST',
  path: '/changes',
  summary: 'Propose a new policy text, principal or template, or many of them as one.',
  description: 'A request like any other: exactly this text is reviewed, approved by people, and applied.',
  query: waitQuerySchema,
  body: newChangeSchema,
  maxBodyBytes: 128 * 1024,
  readsIdempotencyKey: true,
  answers: { 202: { description: 'The change request, recorded and under way.', schema: linkedViewSchema } },
  problems: [
    'grant_not_selectable',
    'change_stale',
    'idempotency_conflict',
    'limit_reached',
    'requests_suspended',
  ],
  async run(call, ports: ProposingPorts): Promise<Answer> {
    const { body } = call;
    const change = await (body.kind === 'bundle' ? bundleOf(body, ports) : changeOf(body, ports));
    const opened = await openRequest(
      { reason: body.reason, references: body.references, dryRun: false, change },
      call,
      ports,
    );
    const row = await waitForDecision(opened, call.query.wait ?? 0, call.deadline, ports);
    const view = linkedViewOf(row, call.basePath);
    return { status: 202, body: view, headers: { location: view.links.self, ...retryAfterOf(row) } };
  },
});
