import { FUNCTIONS, type FunctionName, functionNames } from './all-functions.ts';
import type { FunctionSpec, Route } from './constructs/functions/function-spec.ts';

/** One call of an API, and the function that answers it. */
export type ApiCall = {
  readonly method: string;
  /** Below the API's stage, or its door: `/requests/{id}`. */
  readonly path: string;
  readonly signed: boolean;
  readonly answeredBy: FunctionName;
};

/** The calls that functions say they answer: the API of DESIGN §5, or the same for callers with tokens. */
export const callsOf = (routesOf: (spec: FunctionSpec) => FunctionSpec['routes']): readonly ApiCall[] =>
  functionNames.flatMap((answeredBy) => {
    const routes = routesOf(FUNCTIONS[answeredBy]);
    const callOf = (signed: boolean) => (route: Route) => {
      const [method = '', path = ''] = route.split(' ');
      return { method, path, signed, answeredBy };
    };
    return [...(routes?.signed ?? []).map(callOf(true)), ...(routes?.unsigned ?? []).map(callOf(false))];
  });

/** Of the door for tokens. */
export const TOKEN_CALLS = callsOf(({ tokenRoutes }) => tokenRoutes);
