import { type Finding, ok, wrong } from './check-setup.ts';

/** What begins the placeholder keys of a gateway. */
const PLACEHOLDER = /^PSTN/;
const BY_TOKEN = /:role\/postern-gateway$/;

/**
 * Whether AWS calls from here go through a gateway: then what none can carry, tokens that clients sign by themselves and
 * send elsewhere. Nothing where they do not.
 */
export function checkGateway({ env }: { readonly env: NodeJS.ProcessEnv }): Finding[] {
  const isMeant = PLACEHOLDER.test(env.AWS_ACCESS_KEY_ID ?? '') || BY_TOKEN.test(env.AWS_ROLE_ARN ?? '');
  if (!isMeant) return [];
  if (!env.AWS_ENDPOINT_URL) {
    return [
      wrong(
        'gateway',
        'the keys or the role here are a gateway’s, and AWS_ENDPOINT_URL names none: AWS itself knows neither',
        'Set AWS_ENDPOINT_URL to the gateway’s address.',
      ),
    ];
  }
  return [
    ok(
      'gateway',
      'calls go through the gateway, all but what clients sign by themselves (EKS and RDS tokens, presigned URLs for others) or what is no call over HTTP (SSM sessions, MQTT): for those take a session, with postern exec; the SDK for JavaScript needs useQueueUrlAsEndpoint: false for SQS',
    ),
  ];
}
