import { Logger } from '@aws-lambda-powertools/logger';

/**
 * The function's structured log. Facts only: ids, codes, digests, durations. Never a body, a token, a key or a
 * raw error of a service, which may quote its input.
 */
export const logger = new Logger({ serviceName: process.env.AWS_LAMBDA_FUNCTION_NAME ?? 'postern' });
