import { makeApp, synthApp } from './app.ts';
import { bundleFunctions } from './bundle/bundle-functions.ts';
import { runCommand } from './run-command.ts';

/** Writes the stack to cdk.out, offline: `npm run synth`, with `-- --demo` for the demo bank's tables too. */
await runCommand(async () => {
  const demo = process.argv.includes('--demo');
  const app = makeApp({ demo, code: await bundleFunctions(), outdir: 'cdk.out' });
  const { directory } = synthApp(app);
  console.log(`Synthesised Postern to ${directory}`);
});
