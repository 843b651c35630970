import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { REGION } from '../../demo/place.ts';
import type { Gateway } from '../../lambdas/shared/domain/identity/delegation.ts';
import type { AwsEndpoint } from '../aws-endpoint.ts';
import { localArchiveUrl } from '../local-archive-url.ts';
import type { Edge } from '../sandbox-parts.ts';
import type { ResolvedTemplate, TemplateFunction } from '../template/types.ts';
import { THREAD } from './bundle-functions-of.ts';
import { functionEnvironment, type RoleKeys } from './function-environment.ts';
import type { FunctionSpec } from './function-spec.ts';

/** How the sandbox runs each of the template's functions: its bundle, its own role's keys, where its services are. */
export function functionSpecsOf(
  template: ResolvedTemplate,
  aws: AwsEndpoint,
  edge: Edge,
  { configDir, bundles, gateways }: { configDir: string; bundles: string; gateways?: readonly Gateway[] },
): FunctionSpec[] {
  const thread = join(bundles, THREAD, 'index.mjs');
  return template.functions.map((it) => ({
    name: it.name,
    arn: it.arn,
    entry: pathToFileURL(join(bundles, it.name, 'index.mjs')).href,
    // Bundles as they are deployed hold functions alone.
    ...(existsSync(thread) && { thread: pathToFileURL(thread).href }),
    timeoutSeconds: it.timeoutSeconds,
    compileCache: join(bundles, '.compiled'),
    env: functionEnvironment(it, roleKeysOf(template, aws, it), {
      region: REGION,
      awsEndpoint: aws.url,
      declared: {
        ...edge.declared,
        ...archiveOf(it, aws),
        ...queuesOf(it, aws),
        BEDROCK_URL: aws.url,
        ...(gateways && { GATEWAYS: JSON.stringify(gateways) }),
      },
      added: { ...edge.added, POSTERN_CONFIG_DIR: configDir },
    }),
  }));
}

/** The archive's bucket, where S3 is here: the first label of its host is its name. */
function archiveOf({ env }: TemplateFunction, aws: AwsEndpoint): Record<string, string> {
  return env.ARCHIVE_URL ? { ARCHIVE_URL: localArchiveUrl(env.ARCHIVE_URL, aws.url) } : {};
}

/** The queues for webhooks and for the chat, where SQS is here. */
const queuesOf = ({ env }: TemplateFunction, aws: AwsEndpoint): Record<string, string> =>
  Object.fromEntries(
    ['WEBHOOKS_QUEUE_URL', 'CHAT_QUEUE_URL'].flatMap((name) => {
      const url = env[name];
      return url ? [[name, `${aws.url}${new URL(url).pathname}`]] : [];
    }),
  );

/** Keys of the function's own role: what that role may not do on AWS, it may not do here. */
function roleKeysOf(
  template: ResolvedTemplate,
  aws: AwsEndpoint,
  { roleName, name }: TemplateFunction,
): RoleKeys {
  const role = template.roles.find((it) => it.name === roleName);
  if (!role) throw new Error(`function ${name} has the role ${roleName}, which the template does not define`);
  const { accessKeyId, secretAccessKey, sessionToken } = aws.credentials.issueForRole(role.arn, name);
  return { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) };
}
