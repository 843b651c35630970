/**
 * Bytes of a template in S3, and resources in it.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
 */
const MOST_BYTES = 1_048_576;
const MOST_RESOURCES = 500;

/** Why CloudFormation would not take a template, and what to do; undefined where it would. */
export function problemOfTemplate(template: Readonly<Record<string, unknown>>): string | undefined {
  const bytes = Buffer.byteLength(JSON.stringify(template));
  const resources = Object.keys(template.Resources ?? {}).length;
  if (bytes > MOST_BYTES)
    return `the template would have ${bytes} bytes, and CloudFormation takes ${MOST_BYTES}; list fewer resources, or fewer sensitivities among those that stand together`;
  if (resources > MOST_RESOURCES)
    return `the template would have ${resources} resources, and CloudFormation takes ${MOST_RESOURCES}; list fewer resources, or fewer sensitivities among those that stand together`;
  return undefined;
}
