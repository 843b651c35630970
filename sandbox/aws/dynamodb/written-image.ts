type Values = Record<string, unknown>;

/** An item as a call left it, in DynamoDB's own JSON. */
export type WrittenImage = { readonly table: string; readonly image: Values };

/** The call as it is passed on: an update whose new image nobody asked for is asked for it. */
export function askForImage(operation: string, input: Values): Values {
  const asks = input.ReturnValues !== undefined && input.ReturnValues !== 'NONE';
  return operation === 'UpdateItem' && !asks ? { ...input, ReturnValues: 'ALL_NEW' } : input;
}

/**
 * The item that a call wrote, from what was passed on and what was answered. Undefined for reads, and for
 * deletions, batches and transactions, whose streams the sandbox does not imitate.
 */
export function writtenImage(operation: string, passed: Values, answer: Values): WrittenImage | undefined {
  const table = String(passed.TableName);
  if (operation === 'PutItem') return { table, image: passed.Item as Values };
  if (operation === 'UpdateItem' && passed.ReturnValues === 'ALL_NEW') {
    return { table, image: answer.Attributes as Values };
  }
  return undefined;
}

/** The answer that the caller asked for. */
export function withoutImage(input: Values, passed: Values, answer: Values): Values {
  if (input.ReturnValues === passed.ReturnValues) return answer;
  const { Attributes: _, ...rest } = answer;
  return rest;
}
