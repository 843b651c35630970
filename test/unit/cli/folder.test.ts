import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { planFolder } from '../../../clients/cli/folder/plan-folder.ts';
import { readFolder } from '../../../clients/cli/folder/read-folder.ts';
import { type InForce, readInForce } from '../../../clients/cli/folder/read-in-force.ts';
import { filesOf, writeFolder } from '../../../clients/cli/folder/write-folder.ts';
import { wholeDiffOfBundle } from '../../../lambdas/request-approval/diff-of-bundle.ts';
import { type Principal, principalSchema } from '../../../lambdas/shared/domain/principal.ts';
import { makePasskey } from '../../support/make-passkey.ts';
import { templateOf } from '../people/people-of-test.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-folder-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(files: Record<string, string | Uint8Array>): Promise<void> {
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  }
}

const person = (id: string, more: Partial<Principal> = {}): Principal =>
  principalSchema.parse({
    id,
    type: 'human',
    status: 'active',
    groups: ['employees'],
    awsPrincipals: [`arn:aws:iam::123456789012:user/${id}`],
    persons: [`${id}_person`],
    version: 3,
    ...more,
  });
const admin = person('admin', { groups: ['admins', 'approvers'] });
const emma = person('emma', { passkeys: [makePasskey('Phone').passkey] });
const ofDirectory = person('dir_kim_1', {
  directory: { template: 'engineers', user: crypto.randomUUID(), policyDigest: 'sha256:p' },
});
const POLICIES = { admin: 'Runs the broker.', emma: 'Reads profiles.\n\nOne at a time.\n' };
const inForce = (principals: readonly Principal[] = [admin, emma, ofDirectory]): InForce => ({
  caller: admin,
  principals: new Map(principals.map((each) => [each.id, each])),
  policies: new Map(
    Object.entries(POLICIES).map(([principalId, text]) => [principalId, { principalId, text, version: 2 }]),
  ),
  templates: new Map([['engineers', { ...templateOf(), version: 5 }]]),
});

const fileOf = ({ version: _, passkeys: __, ...principal }: Principal, more: object = {}) =>
  JSON.stringify({ ...principal, ...more });

/** The plan of what the folder says by now. */
async function planned(present = inForce(), prune = false) {
  const { folder: read, problems } = await readFolder(folder);
  expect(problems).toEqual([]);
  return planFolder(read, present, { prune });
}
const named = ({ compared }: Awaited<ReturnType<typeof planned>>) =>
  compared.map(({ part }) => `${part.kind} ${part.target} ${part.baseVersion}`);

describe('a folder that was exported', () => {
  test('says what is in force: applied as it is, it proposes nothing', async () => {
    await writeFolder(folder, filesOf(inForce()));
    expect(await readdir(join(folder, 'principals'))).toEqual(['admin.json', 'emma.json']);
    for (const prune of [false, true]) {
      const plan = await planned(inForce(), prune);
      expect([plan.compared, plan.left, plan.problems]).toEqual([[], [], []]);
    }
  });

  test('holds no version, no passkey, and no field that says what is said anyway', () => {
    const files = filesOf(inForce());
    expect([...files.keys()].sort()).toEqual([
      'policies/admin.txt',
      'policies/emma.txt',
      'principals/admin.json',
      'principals/emma.json',
      'templates/engineers.json',
    ]);
    expect(Object.keys(JSON.parse(files.get('principals/emma.json') ?? ''))).toEqual([
      'id',
      'type',
      'status',
      'groups',
      'persons',
      'awsPrincipals',
    ]);
    expect(files.get('policies/emma.txt')).toBe(POLICIES.emma);
    expect(files.get('policies/admin.txt')).toBe('Runs the broker.\n');
  });

  test('is written over nothing', async () => {
    await put({ 'principals/mine.json': '{}' });
    await expect(writeFolder(folder, filesOf(inForce()))).rejects.toMatchObject({ code: 'folder_not_empty' });
    expect(await readdir(join(folder, 'principals'))).toEqual(['mine.json']);
  });
});

describe('a plan', () => {
  test('has what differs, over the version that it was held against; passkeys stay their owner’s', async () => {
    await put({
      'principals/emma.json': fileOf(emma, { groups: ['employees', 'analysts'] }),
      'principals/nora.json': fileOf(person('nora')),
      'policies/nora.txt': 'Reads profiles.\r\n',
      'policies/emma.txt': 'Reads profiles.\n',
      'templates/engineers.json': JSON.stringify({
        ...templateOf({ groups: ['analysts'] }),
        version: undefined,
      }),
    });
    const plan = await planned();
    expect(named(plan)).toEqual([
      'principal emma 3',
      'policy emma 2',
      'template engineers 5',
      'principal nora 0',
      'policy nora 0',
    ]);
    const [changed] = plan.compared;
    expect(JSON.parse(changed?.part.proposal ?? '')).toMatchObject({ passkeys: emma.passkeys, version: 4 });
    expect(wholeDiffOfBundle(plan.compared)).toContain('+    "analysts"');
    expect(plan.compared.at(-1)?.part.proposal).toBe('Reads profiles.');
    expect(plan.left).toEqual(['principal admin']);
  });

  test('leaves alone what the folder does not name; with --prune it is suspended, the directory’s people are not', async () => {
    await put({ 'principals/admin.json': fileOf(admin), 'policies/admin.txt': 'Runs the broker.\n' });
    expect(named(await planned())).toEqual([]);
    const pruned = await planned(inForce(), true);
    expect(named(pruned)).toEqual(['principal emma 3']);
    expect(JSON.parse(pruned.compared[0]?.part.proposal ?? '')).toMatchObject({ status: 'suspended' });
    expect(pruned.left).toEqual(['template engineers']);
    const suspended = inForce([admin, { ...emma, status: 'suspended' }]);
    expect(named(await planned(suspended, true))).toEqual([]);
  });

  test.each<[string, Record<string, string>, boolean, string]>([
    ['half a folder, pruned', { 'policies/emma.txt': 'Reads.' }, true, '--prune would suspend everybody'],
    [
      'a principal without a policy',
      { 'principals/nora.json': fileOf(person('nora')) },
      false,
      'there is no policies/nora.txt',
    ],
    ['a policy of nobody', { 'policies/nora.txt': 'Reads.' }, false, 'there is no principals/nora.json'],
    [
      'two who call as one',
      {
        'principals/nora.json': fileOf(person('nora')),
        'principals/nils.json': fileOf(person('nils', { awsPrincipals: person('nora').awsPrincipals })),
        'policies/nora.txt': 'x',
        'policies/nils.txt': 'x',
      },
      false,
      'one AWS principal',
    ],
    [
      'a change of whoever asks',
      { 'policies/admin.txt': 'May all.' },
      false,
      'policy admin: it is about admin, who asks',
    ],
    [
      'an agent that whoever asks would own',
      {
        'principals/bot.json': fileOf(person('bot', { persons: ['Admin_person '] })),
        'policies/bot.txt': 'x',
      },
      false,
      'principal bot: it is about admin',
    ],
  ])('refuses %s', async (_, files, prune, problem) => {
    await put(files);
    const { problems } = await planned(inForce(), prune);
    expect(problems.join('\n')).toContain(problem);
  });
});

describe('a folder is read whole or not at all', () => {
  test.each<[string, Record<string, string | Uint8Array>, string]>([
    [
      'none of its folders',
      { 'README.md': 'Hello' },
      'it has none of the folders principals, policies, templates',
    ],
    [
      'a misspelt folder',
      { 'principal/emma.json': '{}', 'policies/emma.txt': 'x' },
      'principal: only principals, policies, templates belong here',
    ],
    [
      'a name that is no id',
      { 'principals/Emma.json': '{}' },
      'principals/Emma.json: a file here is named <id>.json',
    ],
    ['a name that hides what it is', { 'policies/emma\u202etxt.nosj': 'x' }, '\\u{202E}'],
    ['another kind of file', { 'policies/emma.md': 'x' }, 'policies/emma.md: a file here is named <id>.txt'],
    ['a folder in a folder', { 'policies/emma.txt/x': 'x' }, 'policies/emma.txt: it is no file'],
    ['no JSON', { 'principals/emma.json': '{' }, 'principals/emma.json: it is not JSON'],
    [
      'another id than its name',
      { 'principals/emma.json': fileOf(person('nora')) },
      'principals/emma.json: its "id" is nora',
    ],
    [
      'one id twice',
      { 'principals/emma.json': fileOf(emma), 'principals/nora.json': fileOf(emma) },
      'principals/nora.json: its "id" is emma, which principals/emma.json has',
    ],
    ['a field that there is not', { 'principals/emma.json': fileOf(emma, { admin: true }) }, 'admin'],
    ['a version', { 'principals/emma.json': JSON.stringify(person('emma')) }, 'leave out version'],
    ['passkeys', { 'principals/emma.json': fileOf(emma, { passkeys: emma.passkeys }) }, 'leave out passkeys'],
    [
      'somebody of the directory',
      { 'policies/dir_kim_1.txt': 'x' },
      'policies/dir_kim_1.txt: the directory makes this principal',
    ],
    ['an empty policy', { 'policies/emma.txt': ' \n' }, 'policies/emma.txt: it is empty'],
    ['a policy that is too long', { 'policies/emma.txt': 'x'.repeat(16_385) }, 'at most 16384 characters'],
    ['a file that is too large', { 'principals/emma.json': ' '.repeat(140_000) }, 'larger than 131072 bytes'],
    [
      'other bytes than text',
      { 'policies/emma.txt': Uint8Array.of(0xff, 0xfe, 0x41) },
      'policies/emma.txt: it is not UTF-8',
    ],
  ])('with %s it is refused', async (_, files, problem) => {
    await put(files);
    expect((await readFolder(folder)).problems.join('\n')).toContain(problem);
  });

  test('all that is wrong is told at once', async () => {
    await put({ 'principals/emma.json': '{', 'policies/emma.txt': '', 'templates/x.yaml': '' });
    expect((await readFolder(folder)).problems).toHaveLength(3);
  });

  test('links are not followed, to files or to folders', async () => {
    const secret = await mkdtemp(join(tmpdir(), 'postern-outside-'));
    await writeFile(join(secret, 'emma.txt'), 'A secret of the machine.');
    await put({ 'principals/emma.json': fileOf(emma) });
    await mkdir(join(folder, 'policies'));
    await symlink(join(secret, 'emma.txt'), join(folder, 'policies/emma.txt'));
    await symlink(secret, join(folder, 'templates'));
    const { problems, folder: read } = await readFolder(folder);
    expect(problems).toEqual([
      'templates: it is no folder, or a link to one; links are not followed',
      'policies/emma.txt: it is no file; links are not followed',
    ]);
    expect(JSON.stringify([...read.policies])).not.toContain('secret');
    await rm(secret, { recursive: true });
  });

  test('one that is not there is told as it is', async () => {
    expect((await readFolder(join(folder, 'gone'))).problems).toEqual([
      expect.stringContaining('it cannot be read as a folder (ENOENT)'),
    ]);
  });
});

describe('what is in force', () => {
  const broker = (caller: object) => ({
    listPrincipals: async () => ({ principals: [emma], caller: { id: 'emma', ...caller } as never }),
    getPolicy: async (principalId: string) => ({ principalId, text: 'x', version: 1 }),
    directory: async () => ({ templates: [] }),
  });
  const none = { mayProposePolicies: false, mayProposePrincipals: false, auditor: false };
  const { signal } = new AbortController();

  test('is not guessed by who may not read it: everybody would pass for new', async () => {
    await expect(readInForce(broker(none), () => true, signal)).rejects.toMatchObject({
      code: 'auditor_required',
    });
  });

  test('is read by an auditor, and by who may propose changes; of policies only those that are asked for', async () => {
    for (const may of [{ auditor: true }, { mayProposePrincipals: true }, { mayProposePolicies: true }]) {
      const read = await readInForce(broker({ ...none, ...may }), () => false, signal);
      expect([read.principals.size, read.policies.size]).toEqual([1, 0]);
    }
  });
});
