import { devNull } from 'node:os';
import { loadSharedConfigFiles } from '@smithy/core/config';

/** Settings by which a profile gives credentials. */
const GIVES_CREDENTIALS = [
  'aws_access_key_id',
  'credential_process',
  'role_arn',
  'sso_session',
  'sso_start_url',
  'login_session',
  'web_identity_token_file',
];

type Profile = Readonly<Record<string, string | undefined>> | undefined;
const givesCredentials = (profile: Profile): boolean =>
  GIVES_CREDENTIALS.some((setting) => profile?.[setting] !== undefined);

/**
 * Variables that keep AWS SDKs from the credentials of the default profile, which outrank a credential server in all
 * of them; none where it gives none. Only the file that does so is hidden: the other's settings stay.
 */
export async function hideDefaultProfile(): Promise<Record<string, string>> {
  const { configFile, credentialsFile } = await loadSharedConfigFiles();
  return {
    ...(givesCredentials(configFile.default) && { AWS_CONFIG_FILE: devNull }),
    ...(givesCredentials(credentialsFile.default) && { AWS_SHARED_CREDENTIALS_FILE: devNull }),
  };
}
