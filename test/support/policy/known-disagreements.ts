import { mapDocuments, mapStatements, mapTexts } from './rewrite-documents.ts';
import type { Situation } from './situation.ts';

/**
 * Says a situation in words that both evaluators read alike, where they are known to read it differently. Each
 * is explained in test/cases/policy/disagreements, in the file of its name.
 */
type Rewrite = (situation: Situation) => Situation;

const NO_ARN = 'arn:aws:none:::none';
const VARIABLE = /\$\{([^*?$},][^},]*)(?:, '([^']*)')?\}/g;

const contextValue = ({ request }: Situation, key: string): string | readonly string[] | undefined =>
  Object.entries(request.context).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];

/** Whether every variable of a text has a value: the request's, where it is one, or a default. */
const isKnown = (situation: Situation, text: string): boolean =>
  [...text.matchAll(VARIABLE)].every(
    ([, key = '', fallback]) => fallback !== undefined || typeof contextValue(situation, key) === 'string',
  );

type Keys = Readonly<Record<string, unknown>>;

/** The situation with the keys under every condition operator rewritten. */
const mapConditions = (situation: Situation, rewrite: (operator: string, keys: Keys) => Keys): Situation =>
  mapStatements(situation, (statement) => {
    if (statement.Condition === undefined) return statement;
    const operators = Object.entries(statement.Condition as Record<string, Keys>);
    const rewritten = operators.map(([operator, keys]) => [operator, rewrite(operator, keys)]);
    return { ...statement, Condition: Object.fromEntries(rewritten) };
  });

/** The keys with only those values that are kept; what is left without any gets `none`. */
const keepValues = (keys: Keys, isKept: (text: string) => boolean, none: string): Keys =>
  Object.fromEntries(
    Object.entries(keys).map(([key, value]) => [
      key,
      mapTexts(value, (text) => (isKept(text) ? text : undefined), none),
    ]),
  );

/** The old version has no variables: what looks like one is escaped. */
const variablesInOldVersion: Rewrite = (situation) =>
  mapDocuments(situation, (document) => {
    if (document.Version === '2012-10-17') return document;
    const escaped = JSON.stringify(document.Statement).replaceAll('${', '${$}{');
    return { Version: '2012-10-17', Statement: JSON.parse(escaped) };
  });

/** An empty value is a value: it is written out in place of its variable. */
const emptyVariable: Rewrite = (situation) =>
  mapStatements(situation, (statement) =>
    JSON.parse(
      JSON.stringify(statement).replace(VARIABLE, (written, key: string) =>
        contextValue(situation, key) === '' ? '' : written,
      ),
    ),
  );

/** A variable without a value matches nothing, so NotResource does not leave out what it names. */
const unknownVariableInNotResource: Rewrite = (situation) =>
  mapStatements(situation, (statement) => {
    if (statement.NotResource === undefined) return statement;
    const known = mapTexts(
      statement.NotResource,
      (text) => (isKnown(situation, text) ? text : undefined),
      NO_ARN,
    );
    return { ...statement, NotResource: known };
  });

/** Nor does it under a negated operator. */
const unknownVariableNegated: Rewrite = (situation) =>
  mapConditions(situation, (operator, keys) =>
    operator.includes('Not') ? keepValues(keys, (text) => isKnown(situation, text), NO_ARN) : keys,
  );

/** What is no ARN is like no ARN: under a negated operator it leaves nothing out. */
const shortArnNegated: Rewrite = (situation) =>
  mapConditions(situation, (operator, keys) =>
    operator.includes('ArnNot') ? keepValues(keys, (text) => text.split(':').length > 5, NO_ARN) : keys,
  );

/** Seconds since 1970 are a date: they are written out as one. */
const epochSeconds: Rewrite = (situation) =>
  JSON.parse(
    JSON.stringify(situation).replace(/"(\d{10})"/g, (_, seconds: string) =>
      JSON.stringify(new Date(Number(seconds) * 1000).toISOString()),
    ),
  );

/** IfExists holds of a key that is not there, with a quantifier too: there the condition says nothing. */
const anyValueIfExists: Rewrite = (situation) =>
  mapConditions(situation, (operator, keys) => {
    if (!/^ForAnyValue:.*IfExists$/.test(operator)) return keys;
    const isPresent = (key: string) => (contextValue(situation, key) ?? []).length > 0;
    return Object.fromEntries(Object.entries(keys).filter(([key]) => isPresent(key)));
  });

/** A key without values is not there. */
const emptyList: Rewrite = (situation) => {
  const present = Object.entries(situation.request.context).filter(
    ([, value]) => typeof value === 'string' || value.length > 0,
  );
  return { ...situation, request: { ...situation.request, context: Object.fromEntries(present) } };
};

/** Every address is within 0.0.0.0/0: it is written as its two halves. */
const wholeAddressRange: Rewrite = (situation) =>
  mapStatements(situation, (statement) => {
    const text = JSON.stringify(statement);
    const halves = '"0.0.0.0/1","128.0.0.0/1"';
    return JSON.parse(text.replaceAll(':"0.0.0.0/0"', `:[${halves}]`).replaceAll('"0.0.0.0/0"', halves));
  });

/** No address of one family is within a range of the other. */
const otherAddressFamily: Rewrite = (situation) =>
  mapConditions(situation, (operator, keys) => {
    const address = contextValue(situation, 'aws:SourceIp');
    if (!operator.startsWith('NotIpAddress') || typeof address !== 'string') return keys;
    const isIpv6 = address.includes(':');
    const nowhere = isIpv6 ? '2001:dba::/32' : '203.0.113.0/24';
    return keepValues(keys, (text) => text.includes(':') === isIpv6, nowhere);
  });

/** NotPrincipal leaves out whom it names with account, role and session: for whom it does not, it is everybody. */
const notPrincipalInPart: Rewrite = (situation) =>
  mapStatements(situation, (statement) => {
    const { NotPrincipal, ...others } = statement;
    const { principal } = situation.request;
    if (NotPrincipal === undefined || NotPrincipal === '*' || principal.kind !== 'aws') return statement;
    const named = [(NotPrincipal as { AWS?: string | string[] }).AWS ?? []].flat();
    const account = principal.arn.split(':')[4] as string;
    const isAccountNamed = named.includes(account) || named.includes(`arn:aws:iam::${account}:root`);
    const { issuerArn = principal.arn } = principal;
    const isWhole = isAccountNamed && named.includes(principal.arn) && named.includes(issuerArn);
    return isWhole || named.includes('*') ? statement : { ...others, Principal: '*' };
  });

/** What a resource grants to a session itself, the session policy does not cut: then it may do all. */
const grantToSession: Rewrite = (situation) => {
  const { session, resource } = situation.policies;
  if (session === undefined || resource === undefined) return situation;
  const everything = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
  };
  const denies = mapStatements(situation, (statement) =>
    statement.Effect === 'Allow' && statement.Principal === undefined
      ? { Effect: 'Allow', Action: '*', Resource: NO_ARN }
      : statement,
  );
  return {
    ...situation,
    policies: {
      ...situation.policies,
      identity: denies.policies.identity,
      session: [...session, everything],
    },
  };
};

export const KNOWN_DISAGREEMENTS: Readonly<Record<string, Rewrite>> = {
  'variables-in-old-version': variablesInOldVersion,
  'empty-variable': emptyVariable,
  'unknown-variable-in-not-resource': unknownVariableInNotResource,
  'unknown-variable-negated': unknownVariableNegated,
  'short-arn-negated': shortArnNegated,
  'epoch-seconds': epochSeconds,
  'any-value-if-exists': anyValueIfExists,
  'empty-list': emptyList,
  'whole-address-range': wholeAddressRange,
  'other-address-family': otherAddressFamily,
  'not-principal-in-part': notPrincipalInPart,
  'grant-to-session': grantToSession,
};
