import type { Plugin } from 'esbuild';

/**
 * Lambda gives a function its role's credentials in the environment. The SDK's default chain looks in profiles,
 * SSO and metadata services besides, with a client for each: a tenth of a bundle that must never be used.
 */
export const onlyEnvCredentials: Plugin = {
  name: 'only-env-credentials',
  setup(build) {
    build.onLoad({ filter: /@aws-sdk\/credential-provider-node\/dist-[a-z]+\/index\.js$/ }, ({ path }) => ({
      contents:
        "import { fromEnv } from '@aws-sdk/credential-provider-env'; export const defaultProvider = () => fromEnv();",
      resolveDir: path.replace(/\/[^/]+$/, ''),
      loader: 'js',
    }));
  },
};
