import { scenesOf } from '../demo/demo-scenes.ts';
import { gatewayScenesOf } from '../demo/gateway-scenes.ts';
import { playScenes } from '../demo/play-scenes.ts';
import { bootSandbox } from './boot.ts';
import { configWithScratchTable, makeScratchTable } from './gateway/scratch-table.ts';

/** Plays the demo bank's story on a sandbox of its own, and fails where anything goes otherwise than said. */
async function main(): Promise<boolean> {
  console.log('Postern: booting a broker for this demo alone …\n');
  const { configDir, discard } = configWithScratchTable('config');
  const sandbox = await bootSandbox({ gatewayPort: 0, configDir });
  try {
    await makeScratchTable(sandbox.aws);
    const scenes = [...scenesOf(sandbox), ...gatewayScenesOf(sandbox)];
    return await playScenes(scenes, console.log);
  } finally {
    await sandbox.close();
    discard();
  }
}

const asSaid = await main();
console.log(asSaid ? '\nEvery outcome is as said.' : '\nSome outcomes are not as said.');
process.exitCode = asSaid ? 0 : 1;
