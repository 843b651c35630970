import { startAwsEndpoint } from './aws/start-aws-endpoint.ts';
import { type BootOptions, composeSandbox } from './compose-sandbox.ts';
import type { SandboxParts } from './sandbox-parts.ts';

/** What the seed leaves for `.sandbox/access.json`. */
export type Access = unknown;

/** The one-machine cloud, booted from the template that infra/ synthesises. */
export async function bootSandbox(options: BootOptions = {}) {
  const { startEdge } = await part('./edge/start-edge.ts');
  const { seed } = await part('./seed/seed.ts');
  return composeSandbox({ startAws: startAwsEndpoint, startEdge, seed } as SandboxParts<Access>, options);
}

/** Loads a part by its path: the parts are written side by side with this file. */
function part(path: string) {
  return import(new URL(path, import.meta.url).href);
}
