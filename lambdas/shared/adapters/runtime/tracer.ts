/**
 * Traces on Lambda alone, and elsewhere the X-Ray SDK is not even loaded: it follows every promise of the process,
 * traced or not. Neither responses nor errors are captured: they can hold credentials, and quote input.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
const tracer = process.env.AWS_EXECUTION_ENV
  ? new (await import('@aws-lambda-powertools/tracer')).Tracer({
      serviceName: process.env.AWS_LAMBDA_FUNCTION_NAME ?? 'postern',
      captureHTTPsRequests: false,
    })
  : undefined;

/** An SDK client whose calls are traced, by their names. */
export const traced = <Client>(client: Client): Client => tracer?.captureAWSv3Client(client) ?? client;

/** Runs a step as a part of the function's trace, annotated with what it is about. */
export async function traceStep<Answer>(
  step: string,
  annotations: Readonly<Record<string, string | undefined>>,
  run: () => Promise<Answer>,
): Promise<Answer> {
  const parent = tracer?.isTracingEnabled() ? tracer.getSegment() : undefined;
  if (!tracer || !parent) return run();
  const segment = parent.addNewSubsegment(`## ${step}`);
  for (const [name, value] of Object.entries(annotations)) if (value) segment.addAnnotation(name, value);
  tracer.setSegment(segment);
  try {
    return await run();
  } catch (error) {
    segment.addFaultFlag();
    throw error;
  } finally {
    segment.close();
    tracer.setSegment(parent);
  }
}
