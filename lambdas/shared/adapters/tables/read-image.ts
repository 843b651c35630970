import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';

/** An item in DynamoDB's own JSON, as a stream has it, as a value; undefined where it is no such image. */
export function readImage(image: Readonly<Record<string, unknown>>): unknown {
  try {
    return unmarshall(image as Record<string, AttributeValue>);
  } catch {
    return undefined;
  }
}
