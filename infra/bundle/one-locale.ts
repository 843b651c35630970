import type { Plugin } from 'esbuild';

/**
 * Zod's index brings its messages in fifty languages, a quarter of a bundle, through a namespace that no
 * bundler can prune. English is the only one that Postern speaks.
 */
export const oneLocale: Plugin = {
  name: 'one-locale',
  setup(build) {
    build.onLoad({ filter: /node_modules\/zod\/v4\/locales\/index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
      loader: 'js',
    }));
  },
};
