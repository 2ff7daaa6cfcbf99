// Goal: what the documents name exists, so that a newcomer is not sent astray.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../support/sources.ts';

const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'docs/tag-import.md',
  'docs/rules.md',
  ...readdirSync(join(root, 'docs/adr')).map((name) => `docs/adr/${name}`),
];

/**
 * Paths in a document: link targets, and words in code marks that look like a path of this
 * checkout.
 */
function pathsIn(text: string): string[] {
  const links = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)[^)]*\)/g)].map((match) => match[1]);
  const marked = [
    ...text.matchAll(/`((?:plc|server|hmi|recipes|simulators|test|docs|scripts)\/[\w./-]*)`/g),
  ].map((match) => match[1]);
  return [...links, ...marked].filter((path) => path !== undefined);
}

test.each(documents)('%s names only paths that exist', (document) => {
  const text = readFileSync(join(root, document), 'utf8');
  const missing = pathsIn(text).filter(
    (path) => !existsSync(join(root, path)) && !existsSync(join(root, document, '..', path)),
  );
  expect(missing).toEqual([]);
});

test('each rule of the mill names a test that there is', () => {
  const rows = readFileSync(join(root, 'docs/rules.md'), 'utf8').split('\n');
  const rules = rows.flatMap((row) => {
    const [, rule = '', file = '', name = ''] = row.split('|').map((cell) => cell.trim());
    return file.startsWith('test/') ? [{ rule, file, name }] : [];
  });
  expect(rules.length).toBeGreaterThan(100);
  const missing = rules.filter(({ file, name }) => {
    const path = join(root, file);
    return name === '' || !existsSync(path) || !readFileSync(path, 'utf8').includes(name);
  });
  expect(missing).toEqual([]);
});

test('the environment table names every key that the programs read', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const keys = 'PORT HOST DATABASE_URL DATA_DIR MILL PLC_URL PLC_PORT SIM_PORT SIM_SPEED LOG_LEVEL';
  for (const key of keys.split(' ')) expect.soft(readme).toContain(`\`${key}\``);
});
