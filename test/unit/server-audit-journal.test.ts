// Goal: what the database could not take is on disk, in order, once, within a bound, and survives
// a power failure.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AuditRow } from '../../server/auth/audit-journal.ts';
import {
  AuditJournal,
  JOURNAL_MAX_BYTES,
  JournalFullError,
} from '../../server/auth/audit-journal.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mill-journal-'));
  path = join(folder, 'server', 'audit-journal.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

function asked(user: string): AuditRow {
  return {
    kind: 'asked',
    auditId: crypto.randomUUID(),
    timeMs: 1,
    user,
    role: 'operator',
    door: 'order.stop',
    target: 'LINE1',
    args: {},
    address: '::1',
  };
}

async function drained(journal: AuditJournal): Promise<string[]> {
  const users: string[] = [];
  await journal.drain(async (rows) => {
    for (const row of rows) if (row.kind === 'asked') users.push(row.user);
  });
  return users;
}

test('rows are on disk for nobody else to read, and are drained in order, once', async () => {
  const journal = new AuditJournal(path);
  await Promise.all(['an', 'bình', 'chi'].map((user) => journal.append(asked(user))));
  expect(statSync(path).mode & 0o077).toBe(0);
  expect(readFileSync(path, 'utf8').split('\n').length).toBe(4);
  expect(await drained(new AuditJournal(path))).toEqual(['an', 'bình', 'chi']);
  expect(await drained(journal)).toEqual([]);
});

test('a store that fails leaves every row for the next time', async () => {
  const journal = new AuditJournal(path);
  await journal.append(asked('an'));
  const failing = journal.drain(async () => {
    throw new Error('the database is away');
  });
  await expect(failing).rejects.toThrow('away');
  await journal.append(asked('bình'));
  expect(await drained(journal)).toEqual(['an', 'bình']);
});

test('a line cut by a power failure is set aside, the others are stored', async () => {
  const journal = new AuditJournal(path);
  await journal.append(asked('an'));
  writeFileSync(path, `${readFileSync(path, 'utf8')}\n{"kind":"asked","audi`);
  await journal.append(asked('chi'));
  expect(await drained(journal)).toEqual(['an', 'chi']);
  expect(readdirSync(join(folder, 'server'))).toMatchObject([
    expect.stringMatching(/^audit-journal\.jsonl\.damaged-\d+$/),
  ]);
  await journal.append(asked('bình'));
  expect(await drained(journal)).toEqual(['bình']);
});

test('a full journal says so', async () => {
  const journal = new AuditJournal(path);
  await journal.append(asked('an'));
  writeFileSync(path, ' '.repeat(JOURNAL_MAX_BYTES + 1));
  await expect(journal.append(asked('bình'))).rejects.toThrow(JournalFullError);
});
