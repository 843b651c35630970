/** Prints what it is invoked with, and fails on demand. */
export async function handler(event: { fail?: string }): Promise<unknown> {
  console.log(JSON.stringify({ invoked: process.env.AWS_LAMBDA_FUNCTION_NAME, event }));
  if (event.fail) throw Object.assign(new Error('as asked'), { name: event.fail });
  return { env: { ...process.env } };
}
