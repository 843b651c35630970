import { parseIssuers } from '../../lambdas/shared/adapters/config/read-issuers.ts';

/** Two whose tokens are signed in with, and one of subjects. */
export const issuers = parseIssuers(
  JSON.stringify({
    version: 1,
    issuers: [
      {
        name: 'login',
        issuer: 'https://login.bank.example',
        signIn: { audiences: ['postern'], clients: ['cli'] },
      },
      {
        name: 'github',
        issuer: 'https://token.actions.githubusercontent.com',
        signIn: { audiences: ['postern'] },
        claims: ['repository'],
      },
      { name: 'app', issuer: 'https://app.example', subjects: { audiences: ['app'] } },
    ],
  }),
);
