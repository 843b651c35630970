import { scenesOf } from '../demo/demo-scenes.ts';
import { gatewayScenesOf } from '../demo/gateway-scenes.ts';
import { playScenes } from '../demo/play-scenes.ts';
import { bootSandbox } from './boot.ts';

/** Plays the demo bank's story on a sandbox of its own, and fails where anything goes otherwise than said. */
async function main(): Promise<boolean> {
  console.log('Postern: booting a broker for this demo alone …\n');
  const sandbox = await bootSandbox({ gatewayPort: 0 });
  try {
    const { urls, access } = sandbox;
    const { api, gateway = '' } = urls;
    const scenes = [...scenesOf(sandbox), ...gatewayScenesOf({ urls: { api, gateway }, access })];
    return await playScenes(scenes, console.log);
  } finally {
    await sandbox.close();
  }
}

const asSaid = await main();
console.log(asSaid ? '\nEvery outcome is as said.' : '\nSome outcomes are not as said.');
process.exitCode = asSaid ? 0 : 1;
