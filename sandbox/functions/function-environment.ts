import { devNull } from 'node:os';
import type { TemplateFunction } from '../template/types.ts';

/** Keys a function signs its AWS calls with: those of its own role's session. */
export type RoleKeys = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };

type SandboxAddresses = {
  region: string;
  /** Where every AWS SDK client of the function goes. */
  awsEndpoint: string;
  /** Values for variables that the template declares and that only the place can know: URLs, the config folder. */
  declared: Record<string, string>;
  /** Variables that exist in the sandbox only, such as where Slack is. */
  added: Record<string, string>;
};

/**
 * The whole environment of a function: what the template gives it, what Lambda gives every function, and the
 * addresses of the sandbox. A variable that the template does not declare stays missing, as it would on AWS.
 */
export function functionEnvironment(
  template: TemplateFunction,
  keys: RoleKeys,
  addresses: SandboxAddresses,
): Record<string, string> {
  const declared = Object.entries(addresses.declared).filter(([name]) => name in template.env);
  return {
    ...template.env,
    ...Object.fromEntries(declared),
    ...addresses.added,
    AWS_LAMBDA_FUNCTION_NAME: template.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(template.memoryMb),
    AWS_REGION: addresses.region,
    AWS_DEFAULT_REGION: addresses.region,
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    ...(keys.sessionToken !== undefined && { AWS_SESSION_TOKEN: keys.sessionToken }),
    AWS_ENDPOINT_URL: addresses.awsEndpoint,
    // A developer's own profiles must not reach into the function.
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: 'true',
    TZ: 'UTC',
  };
}
