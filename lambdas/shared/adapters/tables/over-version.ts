/** The condition of a write over a row: it is at this version still; 0 is that there is none of its key. */
export const overVersion = (key: string, version: number) =>
  version === 0
    ? { ConditionExpression: `attribute_not_exists(${key})` }
    : {
        ConditionExpression: '#version = :base',
        ExpressionAttributeNames: { '#version': 'version' },
        ExpressionAttributeValues: { ':base': version },
      };
