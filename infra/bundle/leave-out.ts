import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';

/** Stands where something was left out: whoever gets there after all is told so. */
const refuse = (what: string): string =>
  `throw new Error(${JSON.stringify(`${what}: left out of this bundle, see infra/bundle/leave-out.ts`)});`;

/**
 * Modules that the SDK and the OpenAI client bring along and that nothing here runs, and what stands there instead. No
 * bundler can know, since code that would reach them is there.
 */
const LEFT_OUT: readonly { readonly file: RegExp; readonly instead: string }[] = [
  {
    // AWS has clients look for their endpoints with Timestream alone.
    file: /@aws-sdk\/middleware-endpoint-discovery\/dist-[a-z]+\/index\.js$/,
    instead: [
      'export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = { default: false,',
      'environmentVariableSelector() {}, configFileSelector() {} };',
      'export const resolveEndpointDiscoveryConfig = (input) => input;',
    ].join(''),
  },
  {
    // For a platform whose own crypto lacks it.
    file: /@smithy\/core\/dist-[a-z]+\/submodules\/checksum\/sha256\/Sha256Js\.js$/,
    instead: `export class Sha256Js { constructor() { ${refuse('SHA-256 in JavaScript')} } }`,
  },
  {
    // Our schemas are of Zod 4.
    file: /openai\/_vendor\/zod-to-json-schema\/index\.mjs$/,
    instead: `export const zodToJsonSchema = () => { ${refuse('Zod 3')} };`,
  },
  {
    file: /openai\/helpers\/zod-v3-strict-schema\.mjs$/,
    instead: [
      `export const assertSupportedZodV3Schema = () => { ${refuse('Zod 3')} };`,
      'export const assertJSONSerializableSchema = assertSupportedZodV3Schema;',
    ].join(''),
  },
  {
    // Keys of passkeys come without a certificate: nothing is attested.
    file: /@simplewebauthn\/server\/esm\/helpers\/convertX509PublicKeyToCOSE\.js$/,
    instead: `export const convertX509PublicKeyToCOSE = () => { ${refuse('certificates of passkeys')} };`,
  },
];

/** What reads streams of events, which no service that is called answers; the SDK would load it at the first one. */
const EVENT_STREAMS = /^@smithy\/core\/event-streams$/;
const NO_EVENT_STREAMS = `export class EventStreamSerde { constructor() { ${refuse('event streams')} } }`;

/** The library of passkeys exports all that it has by one module, and does not say that none of it acts when it is loaded. */
const PASSKEYS = /@simplewebauthn\/server/;

/** Of its package.json a client only tells its version. */
const PACKAGE = /@aws-sdk\/client-[a-z0-9-]+\/package\.json$/;

export const leaveOut: Plugin = {
  name: 'leave-out',
  setup(build) {
    for (const { file, instead } of LEFT_OUT)
      build.onLoad({ filter: file }, () => ({ contents: instead, loader: 'js' }));
    build.onLoad({ filter: PACKAGE }, ({ path }) => {
      const { version } = JSON.parse(readFileSync(path, 'utf8'));
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
    build.onResolve({ filter: /./ }, async ({ path, importer, resolveDir, kind, pluginData }) => {
      if (pluginData === PASSKEYS || !(PASSKEYS.test(path) || PASSKEYS.test(importer))) return undefined;
      const found = await build.resolve(path, { importer, resolveDir, kind, pluginData: PASSKEYS });
      return { ...found, sideEffects: false };
    });
    build.onResolve({ filter: EVENT_STREAMS }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path, namespace: 'left-out' } : undefined,
    );
    build.onLoad({ filter: EVENT_STREAMS, namespace: 'left-out' }, () => ({
      contents: NO_EVENT_STREAMS,
      loader: 'js',
    }));
  },
};

/** Zod's writing of JSON Schema, which each of its schemas refers to. */
const JSON_SCHEMA = /node_modules\/zod\/v4\/core\/(?:json-schema-processors|to-json-schema)\.js$/;
const EXPORTED = /^export (?:const|function) (\w+)/gm;

/** For functions that write no JSON Schema. What makes a schema's own methods still makes them, and these refuse. */
export const leaveOutJsonSchema: Plugin = {
  name: 'leave-out-json-schema',
  setup(build) {
    build.onLoad({ filter: JSON_SCHEMA }, ({ path }) => {
      const names = [...readFileSync(path, 'utf8').matchAll(EXPORTED)].map(([, name]) => name);
      const stands = (name: string | undefined) => (name?.startsWith('create') ? '() => refused' : 'refused');
      const lines = names.map((name) => `export const ${name} = ${stands(name)};`);
      return {
        contents: `const refused = () => { ${refuse('JSON Schema')} };${lines.join('')}`,
        loader: 'js',
      };
    });
  },
};
