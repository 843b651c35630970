import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { loadSharedConfigFiles } from '@smithy/core/config';
import type { Profiles } from './find-identity-loop.ts';

/** `[profile agent]` of ~/.aws/config, `[agent]` of ~/.aws/credentials. */
const SECTION = /^\s*\[\s*(?:profile\s+)?["']?([^\]"']+?)["']?\s*\]/gm;

/** The names of the sections of a file, those that hold nothing too, which the SDK leaves out. */
async function namesIn(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return [...text.matchAll(SECTION)].map(([, name = '']) => name);
}

/** The profiles of this machine: those of ~/.aws/credentials and, over them, of ~/.aws/config. */
export async function readProfiles(): Promise<Profiles> {
  const { AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE } = process.env;
  const folder = join(homedir(), '.aws');
  const [{ configFile, credentialsFile }, ...names] = await Promise.all([
    loadSharedConfigFiles(),
    namesIn(AWS_CONFIG_FILE || join(folder, 'config')),
    namesIn(AWS_SHARED_CREDENTIALS_FILE || join(folder, 'credentials')),
  ]);
  return Object.fromEntries(
    [...new Set([...names.flat(), ...Object.keys(credentialsFile), ...Object.keys(configFile)])].map(
      (name) => [name, { ...credentialsFile[name], ...configFile[name] }],
    ),
  );
}
