import type { Command } from 'commander';
import type { RequestView } from '../../../lambdas/front-door/request-views.ts';
import { visibleText } from '../../../lambdas/shared/domain/text/show-hostile-text.ts';
import type { BrokerClient } from '../../sdk/broker-client.ts';
import { PosternError } from '../../sdk/postern-error.ts';
import { pauseFor } from '../../sdk/try-again.ts';
import { askForSession } from '../ask-for-session.ts';
import { brokerFor, type CliContext, commonOf, print } from '../cli-context.ts';
import { dayAndTime } from '../show-time.ts';

type Session = Awaited<ReturnType<BrokerClient['listBreakGlass']>>['sessions'][number];

function describe({ requestId, principalId, job, reason, issuedAt, level, reviewed }: Session): string {
  const state = reviewed ? `reviewed by ${reviewed.by}` : `its review was called for ${level} times`;
  return [
    visibleText(requestId),
    `  ${principalId} by ${visibleText(job)}, ${dayAndTime(issuedAt)}: ${state}`,
    `  why  ${visibleText(reason)}`,
  ].join('\n');
}

/** Milliseconds between looks for the end of a session, and how many. */
const LOOK_MS = 1000;
const LOOKS = 60;

/** Ends the drill's own session, and waits until AWS denies it. */
async function endSession(requestId: string, broker: BrokerClient, signal: AbortSignal) {
  for (let look = 0; look < LOOKS; look++) {
    const { revocation } = await broker.getRequest(requestId, { signal });
    if (revocation) return revocation;
    await broker.revoke(requestId, { reason: 'The drill is over.' }, { signal }).catch((error: unknown) => {
      if (!(error instanceof PosternError) || error.code !== 'already_revoked') throw error;
    });
    await pauseFor(LOOK_MS, signal);
  }
  throw new PosternError({
    code: 'wait_timed_out',
    detail: `The session of ${requestId} is not ended yet: postern revoke ${requestId}`,
    requestId,
  });
}

/** `postern break-glass`: what is left to do about emergencies, and the drill for one. */
export function addBreakGlass(program: Command, context: CliContext): void {
  const { signal } = context;
  const breakGlass = program
    .command('break-glass')
    .description('emergencies: their review afterwards, and a drill');

  breakGlass
    .command('list')
    .description('sessions that you may review and that nobody has reviewed')
    .action(async (_: unknown, command: Command) => {
      const options = commonOf(command);
      const { sessions } = await brokerFor(options, context).listBreakGlass({ signal });
      const text = sessions.length > 0 ? sessions.map(describe).join('\n') : 'Nothing waits for your review.';
      print({ sessions }, text, options, context);
    });

  breakGlass
    .command('review')
    .description('say what you looked at, and what you found; who asked or approved cannot')
    .argument('<request-id>')
    .requiredOption('-r, --remarks <text>', 'at least ten characters')
    .action(async (requestId: string, _: unknown, command: Command) => {
      const options = commonOf(command);
      const { remarks } = command.opts<{ remarks: string }>();
      const reviewed = await brokerFor(options, context).reviewSession(requestId, remarks, { signal });
      print(reviewed, describe(reviewed), options, context);
    });

  breakGlass
    .command('drill')
    .description(
      'break the glass as in an emergency, end the session at once, and tell how long each step took',
    )
    .argument('<job>')
    .option('-r, --reason <text>', 'why now', 'to see that it works')
    .action(async (job: string, _: unknown, command: Command) => {
      const options = commonOf(command);
      const { reason } = command.opts<{ reason: string }>();
      const broker = brokerFor(options, context);
      const startedAt = Date.now();
      const seconds = () => Math.round((Date.now() - startedAt) / 100) / 10;
      const steps: { step: string; seconds: number }[] = [];
      const see = ({ status }: RequestView) => steps.push({ step: status, seconds: seconds() });
      const wanted = { ...options, job, reason: `Drill: ${reason}`, new: true };
      const { requestId, assumedRoleArn } = await askForSession(wanted, context, see);
      steps.push({ step: 'CLAIMED', seconds: seconds() });
      const { revokedAt } = await endSession(requestId, broker, signal);
      steps.push({ step: 'REVOKED', seconds: seconds() });
      const { decision } = await broker.getRequest(requestId, { signal });
      const approvers = (decision?.reasons ?? []).map(({ detail }) => detail);
      const evidence = { drill: job, requestId, assumedRoleArn, approvers, steps, revokedAt };
      const lines = [
        `The drill of ${job} worked: ${visibleText(requestId)}`,
        ...approvers.map((detail) => `  ${visibleText(detail)}`),
        ...steps.map((each) => `  ${each.step.padEnd(18)}${each.seconds} s`),
        `  its review is due as that of an emergency: postern break-glass review ${visibleText(requestId)}`,
      ];
      print(evidence, lines.join('\n'), options, context);
    });
}
