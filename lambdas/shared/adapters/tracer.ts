import { Tracer } from '@aws-lambda-powertools/tracer';

/** Traces on Lambda alone. Neither responses nor errors are captured: they can hold credentials, and quote input. */
const tracer = new Tracer({
  serviceName: process.env.AWS_LAMBDA_FUNCTION_NAME ?? 'postern',
  captureHTTPsRequests: false,
});

/** An SDK client whose calls are traced, by their names. */
export const traced = <Client>(client: Client): Client => tracer.captureAWSv3Client(client);

/** Runs a step as a part of the function's trace, annotated with what it is about. */
export async function traceStep<Answer>(
  step: string,
  annotations: Readonly<Record<string, string | undefined>>,
  run: () => Promise<Answer>,
): Promise<Answer> {
  const parent = tracer.isTracingEnabled() ? tracer.getSegment() : undefined;
  if (!parent) return run();
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
