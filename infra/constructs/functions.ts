import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Effect, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, type CfnFunction, type IFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { type FunctionGrants, grantsOf, type Resources } from './function-permissions.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Where a function's handler is, from the root of the repository. */
function entryOf(name: string): string {
  const places = [`lambdas/${name}/handler.ts`, `lambdas/events/${name}/handler.ts`, `${name}/handler.ts`];
  const found = places.find((place) => existsSync(`${ROOT}${place}`));
  if (!found) throw new Error(`no handler for the function ${name}: ${places.join(', ')}`);
  return found;
}

/** Seconds. Each ends before the state that waits for it gives up. */
const TIMEOUTS: Readonly<Record<string, number>> = {
  'review-request': 60,
  'front-door': 29,
  'assume-role': 25,
};

/** Cedar and Bolt load CommonJS parts by `require` and `__dirname`, which an ES module lacks. */
const BANNER = [
  "import { createRequire as __createRequire } from 'node:module';",
  'const require = __createRequire(import.meta.url);',
  "const __dirname = (await import('node:path')).dirname((await import('node:url')).fileURLToPath(import.meta.url));",
].join('');

/** All functions, each with a role of its own. */
export class Functions extends Construct {
  readonly #functions: ReadonlyMap<string, NodejsFunction>;

  constructor(scope: Construct, id: string, resources: Resources) {
    super(scope, id);
    const grants = Object.entries(grantsOf(this, resources));
    this.#functions = new Map(grants.map(([name, of]) => [name, this.#make(name, of)]));
  }

  /** The function of a folder. Throws where there is none of that name. */
  of(name: string): IFunction & { readonly role: Role } {
    const found = this.#functions.get(name);
    if (!found) throw new Error(`there is no function ${name}`);
    return found as NodejsFunction & { readonly role: Role };
  }

  get names(): string[] {
    return [...this.#functions.keys()];
  }

  #make(name: string, { statements, env }: FunctionGrants): NodejsFunction {
    const functionName = `postern-${name}`;
    const logGroup = new LogGroup(this, `${name}-logs`, {
      logGroupName: `/aws/lambda/${functionName}`,
      retention: RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const writeLogs = new PolicyStatement({
      effect: Effect.ALLOW,
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroup.logGroupArn],
    });
    const role = new Role(this, `${name}-role`, {
      roleName: functionName,
      description: `Postern: the function ${name}, and nothing else`,
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: { permissions: new PolicyDocument({ statements: [...statements, writeLogs] }) },
    });
    const entry = entryOf(name);
    const made = new NodejsFunction(this, name, {
      functionName,
      role: role.withoutPolicyUpdates() as Role,
      entry: `${ROOT}${entry}`,
      projectRoot: ROOT,
      depsLockFilePath: `${ROOT}package-lock.json`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: 512,
      timeout: Duration.seconds(TIMEOUTS[name] ?? 10),
      // X-Ray's PutTraceSegments takes no resource; it would be the one wildcard of every role.
      tracing: Tracing.DISABLED,
      logGroup,
      environment: { ...env, POSTERN_CONFIG_DIR: 'config' },
      bundling: {
        format: OutputFormat.ESM,
        target: 'node24',
        mainFields: ['module', 'main'],
        minify: true,
        sourceMap: true,
        banner: BANNER,
        externalModules: [],
      },
    });
    const resource = made.node.defaultChild as CfnFunction;
    resource.addMetadata('postern:entry', entry);
    return made;
  }
}
