import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { REGION } from '../../../demo/place.ts';
import { posternProgram } from '../../support/postern-program.ts';
import { posternOf } from '../../support/run-postern.ts';
import { proposing } from '../../support/scripted-reviewer.ts';
import { proposingProfile, slackOf } from '../../support/slack-of-cloud.ts';
import { startCloud } from '../../support/start-cloud.ts';
import { TOOLS } from './find-tools.ts';

export const METRICS = 'The weekly report needs the operational metrics of this week.';
export const CHANNEL = '#access-approvals';

/**
 * What a user's environment may hold beside the profile that is meant: old keys, tokens of platforms, another
 * profile. None of it may win over a session, nor be sent anywhere.
 */
export const DIRTY: Record<string, string> = {
  AWS_ACCESS_KEY_ID: 'AKIAOLDOLDOLDOLDOLD0',
  AWS_SECRET_ACCESS_KEY: 'old',
  AWS_SESSION_TOKEN: 'old-session',
  AWS_SECURITY_TOKEN: 'old-session',
  AWS_PROFILE: 'loop',
  AWS_DEFAULT_PROFILE: 'loop',
  AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: '/etc/hostname',
  AWS_WEB_IDENTITY_TOKEN_FILE: '/etc/hostname',
  AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/other',
};

/** A broker, and a user's machine before it: a home with profiles, `postern` on the path, other people's tools. */
export async function startBench() {
  const cloud = await startCloud({
    tiers: [{ name: 'access-approvers', channel: CHANNEL, approverGroup: 'approvers', timeoutSeconds: 900 }],
  });
  const slack = slackOf(cloud);
  const postern = posternOf(cloud);
  cloud.reviewer.says(({ principal }) => {
    if (principal.id === 'employee1') return proposingProfile(slack);
    if (principal.id === 'admin')
      return {
        text: {
          approved: false,
          grants: [],
          durationSeconds: 900,
          risk: 'low',
          authorization: 'unclear',
          reason: 'Not the job of an administrator.',
        },
      };
    return proposing('bank_operational_metrics', ['dynamodb:GetItem', 'dynamodb:Query'], {
      durationSeconds: 3600,
    });
  });

  const { home } = postern;
  const runs = join(home, 'runs');
  const program = join(home, 'postern');
  writeFileSync(
    program,
    `#!/bin/sh\necho run >> ${runs}\nexec ${process.execPath} ${posternProgram()} "$@"\n`,
  );
  chmodSync(program, 0o755);
  const line = (options: string) =>
    `credential_process = ${program} ${options} credential-process --reason "${METRICS}"`;
  const config = join(home, 'config');
  writeFileSync(
    config,
    `[profile bank]\nregion = ${REGION}\n${line('--profile agent')}\n[profile loop]\nregion = ${REGION}\n${line('')}\n[profile agent]\nregion = ${REGION}\n`,
  );

  /** The environment of a shell of this principal, whose own keys are those of the profile `agent`. */
  function shellOf(as: string, more: Record<string, string> = {}): Record<string, string> {
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, ...env } = postern.environmentOf(as) as Record<
      string,
      string
    >;
    const credentials = join(home, `credentials-${as}`);
    // The default profile is somebody's too: SDKs take it before a credential server.
    writeFileSync(
      credentials,
      `[agent]\naws_access_key_id = ${AWS_ACCESS_KEY_ID}\naws_secret_access_key = ${AWS_SECRET_ACCESS_KEY}\n[default]\naws_access_key_id = AKIAOLDOLDOLDOLDOLD0\naws_secret_access_key = old\n`,
      { mode: 0o600 },
    );
    return {
      ...env,
      PATH: `${home}:${resolve(TOOLS, 'bin')}:${process.env.PATH}`,
      AWS_DEFAULT_REGION: REGION,
      AWS_CONFIG_FILE: config,
      AWS_SHARED_CREDENTIALS_FILE: credentials,
      XDG_CACHE_HOME: join(home, `cache-${Math.random()}`),
      ...more,
    };
  }

  return {
    cloud,
    slack,
    postern,
    program,
    config,
    line,
    shellOf,
    /** How often postern was started since this was last asked. */
    takeRuns(): number {
      const count = existsSync(runs) ? readFileSync(runs, 'utf8').trim().split('\n').length : 0;
      rmSync(runs, { force: true });
      return count;
    },
    async close(): Promise<void> {
      postern.close();
      await cloud.close();
    },
  };
}
export type Bench = Awaited<ReturnType<typeof startBench>>;
