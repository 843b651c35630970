import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GatewayOptions } from '../../../gateway/serve/start-gateway.ts';
import { startFakeBroker } from '../../unit/gateway/fake-broker.ts';
import { makeTables, openTestSession, startTestGateway } from '../../unit/gateway/start-test-gateway.ts';
import { startMoto } from './start-moto.ts';
import { startRelay } from './start-relay.ts';

type Ran = { readonly code: number | null; readonly out: string; readonly err: string };

/** Where a program stands that calls AWS: who it is, and where. */
type Env = Readonly<Record<string, string>>;

/** A gateway before somebody else's AWS, with a broker that grants everything: what is compared is what the calls come to. */
export async function startBehindMoto(more: Partial<GatewayOptions> = {}) {
  const home = mkdtempSync(join(tmpdir(), 'postern-services-'));
  const moto = await startMoto();
  const [relay, broker] = await Promise.all([startRelay(moto.url), startFakeBroker()]);
  const tables = makeTables();
  const gateway = await startTestGateway(tables, { api: broker.url, upstream: relay.url }, more);
  const session = openTestSession(tables);
  broker.exchanges(session.delegation);
  const tokenFile = join(home, 'token');
  writeFileSync(tokenFile, 'a.token.of-the-platform');
  const shared = {
    ...{ PATH: `${process.env.PATH}`, HOME: home, AWS_EC2_METADATA_DISABLED: 'true' },
    ...{ AWS_REGION: 'eu-central-1', AWS_DEFAULT_REGION: 'eu-central-1' },
  };
  return {
    ...{ home, moto, relay, tables, gateway, broker, session },
    /** Three variables: the token's file, the role that says the account, and where the gateway is. */
    through: {
      ...shared,
      AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile,
      AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/postern-gateway',
      AWS_ENDPOINT_URL: gateway.url,
    } as Env,
    straight: {
      ...shared,
      AWS_ACCESS_KEY_ID: 'AKIASTRAIGHT00000000',
      AWS_SECRET_ACCESS_KEY: 'straight',
      AWS_ENDPOINT_URL: moto.url,
    } as Env,
    /** Runs a program to its end; `onOut` hears what it prints on its way. */
    run(
      file: string,
      args: readonly string[],
      env: Env,
      onOut: (text: string) => void = () => {},
    ): Promise<Ran> {
      const child = spawn(file, args, { env, cwd: home, stdio: ['ignore', 'pipe', 'pipe'] });
      let [out, err] = ['', ''];
      child.stdout.on('data', (chunk) => {
        out += chunk;
        onOut(out);
      });
      child.stderr.on('data', (chunk) => {
        err += chunk;
      });
      return new Promise((done) => child.once('close', (code) => done({ code, out, err })));
    },
    async close(): Promise<void> {
      await gateway.close();
      await Promise.all([relay.close(), broker.close()]);
      await moto.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
export type BehindMoto = Awaited<ReturnType<typeof startBehindMoto>>;
