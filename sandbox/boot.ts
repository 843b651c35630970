import { startAwsEndpoint } from './aws/start-aws-endpoint.ts';
import { startSandboxChat } from './chat/start-chat.ts';
import { type BootOptions, composeSandbox } from './compose-sandbox.ts';
import { startEdge } from './edge/start-edge.ts';
import { startSandboxGateway } from './gateway/start-sandbox-gateway.ts';
import { type Access, seed } from './seed/seed.ts';

/** The one-machine cloud, booted from the template that infra/ synthesises. */
export const bootSandbox = (options: BootOptions = {}) =>
  composeSandbox<Access>(
    {
      startAws: startAwsEndpoint,
      startEdge,
      seed,
      startGateway: startSandboxGateway,
      startChat: startSandboxChat,
    },
    options,
  );

export type Sandbox = Awaited<ReturnType<typeof bootSandbox>>;
