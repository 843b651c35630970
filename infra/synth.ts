import { makeApp } from './app.ts';
import { bundleFunctions } from './bundle/bundle-functions.ts';

const demo = process.argv.includes('--demo');
const assembly = makeApp({ demo, code: await bundleFunctions(), outdir: 'cdk.out' }).synth();
console.log(
  `Synthesised ${assembly.stacks.map((stack) => stack.stackName).join(', ')} to ${assembly.directory}`,
);
