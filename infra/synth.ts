import { makeApp } from './app.ts';

const assembly = makeApp({ demo: process.argv.includes('--demo'), bundle: true, outdir: 'cdk.out' }).synth();
console.log(
  `Synthesised ${assembly.stacks.map((stack) => stack.stackName).join(', ')} to ${assembly.directory}`,
);
