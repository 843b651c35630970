import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import type { Say } from '../figure.ts';

/** What is compared with, by exact versions. cloudsplaining 0.9 and parliament 1.6 need what setuptools 81 left out. */
const PACKAGES = ['parliament==1.6.4', 'cloudsplaining==0.9.1', 'setuptools<81'];
const FOLDER = '.tmp/linters';
const PYTHON = `${FOLDER}/bin/python`;
const READY = `${FOLDER}/installed-1`;

export const PEERS = ['parliament', 'cloudsplaining'] as const;
export type Peer = (typeof PEERS)[number];

export type PeerAnswer = { readonly escalates: boolean; readonly crashed: boolean; readonly ms: number };

/** Installs the peers from PyPI into a folder of their own; false, and it is said, where they cannot be had. */
export function installPeers(say: Say): boolean {
  if (existsSync(READY)) return true;
  try {
    mkdirSync('.tmp', { recursive: true });
    execFileSync('python3', ['-m', 'venv', '--clear', FOLDER], { stdio: 'pipe' });
    execFileSync(PYTHON, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...PACKAGES], {
      stdio: 'pipe',
    });
    mkdirSync(READY);
    return true;
  } catch (error) {
    say(`The peers are left out: ${error instanceof Error ? error.message.split('\n')[0] : 'not installed'}`);
    return false;
  }
}

/** What a peer says of each policy. */
export function askPeer(peer: Peer, policies: readonly object[]): PeerAnswer[] {
  const input = JSON.stringify(policies.map((policy) => ({ policy })));
  const out = execFileSync(PYTHON, ['test/bench/peers/check-with-peers.py', peer], {
    input,
    encoding: 'utf8',
    maxBuffer: 100_000_000,
    // What they say beside the answers.
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  return JSON.parse(out) as PeerAnswer[];
}

/** The roles of an account that cloudsplaining says escalate. */
export function askOfAccount(details: object): string[] {
  const out = execFileSync(PYTHON, ['test/bench/peers/check-with-peers.py', 'cloudsplaining-account'], {
    input: JSON.stringify(details),
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  return JSON.parse(out) as string[];
}
