import { CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccessLogFormat, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpNoneAuthorizer,
  LogGroupLogDestination,
  WebSocketApi,
  WebSocketNoneAuthorizer,
  WebSocketStage,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration, WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Issuer } from '../../../lambdas/shared/domain/identity/issuers.ts';
import type { BundledName } from '../../all-functions.ts';
import {
  type ChatParts,
  chatPagesFunction,
  chatSocketFunction,
  chatWorkerFunction,
  WORKER_SECONDS,
} from '../../functions/demo-chat.ts';
import type { Resources } from '../../grants/grant.ts';
import { justify } from '../../justify.ts';
import { demoCallerName } from '../../names.ts';
import { RETAINED } from '../../retained.ts';
import type { Settings } from '../../settings.ts';
import { makeHttpDoor } from '../api/make-http-door.ts';
import { makeFunction } from '../functions/make-function.ts';

/** Messages and connections a second, and at once, that the WebSocket lets in of all who come to it. */
const MOST_CALLS = { rateLimit: 25, burstLimit: 50 };
/** Answers that are made at the same time. */
const MOST_AT_ONCE = 5;
/** Seconds for which a message waits to be answered, the least that a queue takes: after that nobody wants it. */
const WAITS_SECONDS = 60;
const STAGE = 'chat';
const AGENT = 'customer_support_agent';

type Props = Omit<Resources, 'scope'> & {
  readonly chat: NonNullable<Settings['chat']>;
  /** Whose customers sign in. */
  readonly issuer: Issuer;
  readonly rest: RestApi;
  /** The folder of each bundle; absent where nothing is deployed. */
  readonly folderOf: (name: BundledName) => string | undefined;
};

/**
 * The demo bank's support chat: its pages at an address of their own, a WebSocket, the function that receives, a queue, and
 * the function that answers, which runs longer than API Gateway would wait.
 */
export class DemoChat extends Construct {
  constructor(scope: Construct, id: string, { chat, issuer, rest, folderOf, ...resources }: Props) {
    super(scope, id);
    const on: Resources = { scope: this, ...resources };
    const { http, url } = makeHttpDoor(this, {
      apiName: 'postern-chat',
      description: 'Postern: the pages of the demo bank’s support chat',
    });
    const socket = new WebSocketApi(this, 'Socket', {
      apiName: 'postern-chat-socket',
      description: 'Postern: the demo bank’s support chat',
    });
    const stage = this.#stageOf(socket, rest);
    const only = (names: readonly string[] = []) => names.filter((name) => name === chat.clientId);
    const parts: ChatParts = {
      publicUrl: chat.url ?? url,
      socketUrl: stage.url,
      connectionsUrl: stage.callbackUrl,
      connectionsArn: (verb) =>
        Stack.of(this).formatArn({
          service: 'execute-api',
          resource: socket.apiId,
          resourceName: `${STAGE}/${verb}/@connections/*`,
        }),
      conversations: this.#conversations(on),
      queue: this.#queue(on),
      cookieSecret: this.#madeSecret(on, 'Cookies', 'What the cookies of the chat are sealed with'),
      workSecret: this.#madeSecret(on, 'Work', 'What messages are sealed with that wait to be answered'),
      modelSecret: chat.model ? this.#modelSecret(on) : undefined,
      issuer: issuer.issuer,
      customers: JSON.stringify([
        {
          issuer: issuer.issuer,
          audiences: only(issuer.subjects?.audiences),
          clients: only(issuer.subjects?.clients),
        },
      ]),
      api: rest.url,
      agentRoleArn: Stack.of(this).formatArn({
        service: 'iam',
        region: '',
        resource: 'role',
        resourceName: demoCallerName(AGENT),
      }),
    };
    const make = (name: BundledName, spec: Parameters<typeof makeFunction>[2]) =>
      makeFunction(this, name, spec, on, folderOf(name)).made;
    const pages = make('chat-pages', chatPagesFunction(parts));
    for (const route of http.addRoutes({
      path: '/{proxy+}',
      integration: new HttpLambdaIntegration('pages', pages),
      authorizer: new HttpNoneAuthorizer(),
    }))
      justify(
        route,
        'AwsSolutions-APIG4',
        'Pages are asked for by a browser; the function knows who by its cookie.',
      );
    const receiver = make('chat-socket', chatSocketFunction(parts));
    for (const key of ['$connect', '$disconnect', '$default'])
      justify(
        socket.addRoute(key, {
          integration: new WebSocketLambdaIntegration(key.slice(1), receiver),
          ...(key === '$connect' && { authorizer: new WebSocketNoneAuthorizer() }),
        }),
        'AwsSolutions-APIG4',
        'A token is in no address: the function verifies the one in each message before anything else.',
      );
    this.#follow(parts.queue, make('chat-worker', chatWorkerFunction(parts)));
    new CfnOutput(Stack.of(this), 'ChatUrl', { value: url });
  }

  #stageOf(webSocketApi: WebSocketApi, rest: RestApi): WebSocketStage {
    const accessLog = new LogGroup(this, 'SocketLog', {
      logGroupName: '/aws/apigateway/postern-chat-socket',
      retention: RetentionDays.ONE_YEAR,
      removalPolicy: RETAINED,
    });
    const stage = new WebSocketStage(this, 'SocketStage', {
      webSocketApi,
      stageName: STAGE,
      autoDeploy: true,
      throttle: MOST_CALLS,
      detailedMetricsEnabled: true,
      // Neither what is said nor an address with its query, which somebody may have put a token into.
      accessLogSettings: {
        destination: new LogGroupLogDestination(accessLog),
        format: AccessLogFormat.custom(
          JSON.stringify({
            requestId: '$context.requestId',
            requestTime: '$context.requestTime',
            connectionId: '$context.connectionId',
            routeKey: '$context.routeKey',
            eventType: '$context.eventType',
            status: '$context.status',
          }),
        ),
      },
    });
    // The account's leave to write such logs is made with the API.
    stage.node.addDependency(rest.node.findChild('Account'));
    return stage;
  }

  /**
   * Conversations while they last. INVARIANT: not recoverable, and not kept: what is deleted with its connection is gone.
   */
  #conversations({ keys }: Resources): Table {
    const table = new Table(this, 'Conversations', {
      tableName: 'postern_chats',
      partitionKey: { name: 'key', type: AttributeType.STRING },
      timeToLiveAttribute: 'ttl',
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: keys.data,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const reason = 'A conversation ends with its connection; a backup would keep what customers said.';
    justify(table, 'AwsSolutions-DDB3', reason);
    justify(table, 'Serverless-DynamoDBPITR', reason);
    return table;
  }

  #queue({ keys }: Resources): Queue {
    const queue = new Queue(this, 'Messages', {
      queueName: 'postern-chat.fifo',
      fifo: true,
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: keys.messages,
      enforceSSL: true,
      retentionPeriod: Duration.seconds(WAITS_SECONDS),
      visibilityTimeout: Duration.seconds(WORKER_SECONDS + 10),
    });
    const reason = 'An answer is made once or not at all: who waits for it is told, and says it again.';
    justify(queue, 'AwsSolutions-SQS3', reason);
    justify(queue, 'Serverless-SQSRedrivePolicy', reason);
    return queue;
  }

  #follow({ queueArn: eventSourceArn }: Queue, target: ReturnType<typeof makeFunction>['made']): void {
    const waiting = new EventSourceMapping(this, 'Waiting', {
      target,
      eventSourceArn,
      batchSize: 1,
      maxConcurrency: MOST_AT_ONCE,
    });
    justify(
      waiting,
      'Serverless-LambdaEventSourceMappingDestination',
      'A message that could not be answered is wanted by nobody.',
    );
  }

  /** A secret that nobody need know: AWS makes it. */
  #madeSecret({ keys }: Resources, id: string, description: string): Secret {
    const secret = new Secret(this, id, {
      secretName: `postern/chat-${id.toLowerCase()}`,
      description,
      encryptionKey: keys.data,
      removalPolicy: RETAINED,
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
    });
    justify(secret, 'AwsSolutions-SMG4', 'A new value is taken up in five minutes, whenever one is put in.');
    return secret;
  }

  #modelSecret({ keys }: Resources): Secret {
    const secret = new Secret(this, 'Model', {
      secretName: 'postern/chat-model',
      description: 'The API key of the chat’s model, as plain text',
      encryptionKey: keys.data,
      removalPolicy: RETAINED,
    });
    justify(secret, 'AwsSolutions-SMG4', 'Its issuer rotates it, not AWS.');
    return secret;
  }
}
