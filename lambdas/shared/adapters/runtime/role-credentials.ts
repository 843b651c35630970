import { requiredEnv } from './environment.ts';

/** The session of the function's own role: Lambda gives it in the environment, for as long as the function lives. */
export const roleCredentials = () => ({
  accessKeyId: requiredEnv('AWS_ACCESS_KEY_ID'),
  secretAccessKey: requiredEnv('AWS_SECRET_ACCESS_KEY'),
  sessionToken: requiredEnv('AWS_SESSION_TOKEN'),
});
