import { AwsError } from '../../../gateway/wire/aws-error.ts';
import type { Authorization } from '../authorize.ts';
import { type NameOthers, type Operation, serviceOf, textIn } from '../operation.ts';
import type { AwsCall, AwsService } from '../types.ts';

/** A function that the catalog names, and the versions or aliases that it names of it. */
export type BrokeredFunction = { readonly name: string; readonly qualifiers: readonly string[] };

/** Bytes that an invocation may hand over. @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MOST_PAYLOAD_BYTES = 6 * 1024 * 1024;

/** A name, `name:qualifier`, `account:function:name`, or an ARN. */
const FUNCTION_NAME =
  /^(?:(?:arn:[\w-]+:lambda:[\w-]+:)?\d{12}:function:)?([\w-]{1,64})(?::([\w$-]{1,128}))?$/;

function namedIn(call: AwsCall): { name: string; qualifier?: string } {
  const [, name, inName] = FUNCTION_NAME.exec(textIn(call, 'FunctionName')) ?? [];
  if (!name) throw new AwsError('ValidationException', 'FunctionName names no function.', 400);
  const qualifier = call.input.Qualifier === undefined ? inName : String(call.input.Qualifier);
  return { name, ...(qualifier !== undefined && { qualifier }) };
}

/** What a function is handed: JSON, or nothing. Throws InvalidRequestContentException. */
function eventIn({ input }: AwsCall): unknown {
  const bytes = Buffer.from((input.Payload ?? new Uint8Array()) as Uint8Array);
  if (bytes.length > MOST_PAYLOAD_BYTES)
    throw new AwsError('RequestTooLargeException', `At most ${MOST_PAYLOAD_BYTES} bytes.`, 413);
  if (bytes.length === 0) return null;
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new AwsError('InvalidRequestContentException', 'Could not parse the request body into JSON.', 400);
  }
}

/**
 * Lambda's functions, as far as the catalog names them. Their code is not here: each answers who it is and what it was
 * handed.
 */
export function createLambda(
  functions: readonly BrokeredFunction[],
  arnPrefix: string,
  nameOthers: NameOthers,
): AwsService {
  const arnOf = ({ name, qualifier }: { name: string; qualifier?: string }) =>
    `${arnPrefix}${name}${qualifier === undefined ? '' : `:${qualifier}`}`;
  const on =
    (action: string): Operation['needs'] =>
    (call): Authorization[] => [{ action, resource: arnOf(namedIn(call)) }];

  function existing(call: AwsCall): { name: string; qualifier?: string } {
    const named = namedIn(call);
    const found = functions.find(({ name }) => name === named.name);
    const isThere =
      named.qualifier === undefined || ['$LATEST', ...(found?.qualifiers ?? [])].includes(named.qualifier);
    if (found && isThere) return named;
    throw new AwsError('ResourceNotFoundException', `Function not found: ${arnOf(named)}`, 404);
  }

  function invoke(call: AwsCall): Response {
    const named = existing(call);
    const event = eventIn(call);
    const headers = { 'x-amz-executed-version': named.qualifier ?? '$LATEST' };
    const type = call.input.InvocationType ?? 'RequestResponse';
    if (type === 'DryRun') return new Response(null, { status: 204, headers });
    if (type === 'Event') return new Response(null, { status: 202, headers });
    return Response.json({ function: named.name, event }, { headers });
  }

  const configurationOf = (named: { name: string; qualifier?: string }) => ({
    FunctionName: named.name,
    FunctionArn: arnOf(named),
    Version: named.qualifier ?? '$LATEST',
    State: 'Active',
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
  });

  return serviceOf(
    'lambda',
    {
      Invoke: { needs: on('lambda:InvokeFunction'), run: invoke },
      GetFunction: {
        needs: on('lambda:GetFunction'),
        run: (call) => ({ Configuration: configurationOf(existing(call)) }),
      },
      GetFunctionConfiguration: {
        needs: on('lambda:GetFunctionConfiguration'),
        run: (call) => configurationOf(existing(call)),
      },
    },
    nameOthers,
  );
}
