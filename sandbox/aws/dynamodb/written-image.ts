type Values = Record<string, unknown>;

/** An item as a call left it, in DynamoDB's own JSON, and whether it was there before. */
export type WrittenImage = {
  readonly table: string;
  readonly eventName: 'INSERT' | 'MODIFY';
  readonly image: Values;
};

/** What a call is asked for, of the item after it or before it, where its caller asks for nothing. */
const RETURN_VALUES: Readonly<Record<string, string>> = { UpdateItem: 'ALL_NEW', PutItem: 'ALL_OLD' };

/** The call as it is passed on: it tells what it wrote, and what it replaced. */
export function askForImage(operation: string, input: Values): Values {
  const asks = input.ReturnValues !== undefined && input.ReturnValues !== 'NONE';
  const returnValues = RETURN_VALUES[operation];
  return returnValues && !asks ? { ...input, ReturnValues: returnValues } : input;
}

/**
 * The item that a call wrote, from what was passed on and what was answered. Undefined for reads, and for
 * deletions, batches and transactions, whose streams the sandbox does not imitate.
 */
export function writtenImage(operation: string, passed: Values, answer: Values): WrittenImage | undefined {
  const table = String(passed.TableName);
  if (operation === 'PutItem') {
    return { table, eventName: answer.Attributes ? 'MODIFY' : 'INSERT', image: passed.Item as Values };
  }
  if (operation === 'UpdateItem' && passed.ReturnValues === 'ALL_NEW') {
    // Of an update it is not told whether it made the item; the broker updates only what is there.
    return { table, eventName: 'MODIFY', image: answer.Attributes as Values };
  }
  return undefined;
}

/** The answer that the caller asked for. */
export function withoutImage(input: Values, passed: Values, answer: Values): Values {
  if (input.ReturnValues === passed.ReturnValues) return answer;
  const { Attributes: _, ...rest } = answer;
  return rest;
}
