import { readFile } from 'node:fs/promises';
import { loadMill } from '../mill/mills/index.ts';
import { readTagCsv, tagCsvFaultText } from '../mill/tag-csv.ts';
import { EXIT, type ExitCode, type Parsed, type Surroundings } from './surroundings.ts';

/** Reads a list and names every fault of it, with its line and column. */
export async function check(
  { place, options }: Parsed<'mill'>,
  { print, say }: Surroundings,
): Promise<ExitCode> {
  const mill = options.mill === undefined ? null : await loadMill(options.mill);
  const text = await readFile(place, 'utf8');
  const { tags, faults } = readTagCsv(text, mill?.connections ?? null);
  const names = new Set(mill?.tags.map((tag) => tag.name));
  const taken = tags.filter((tag) => names.has(tag.name)).map((tag) => tag.name);
  for (const fault of faults) print(`${place}: ${tagCsvFaultText(fault)}\n`);
  for (const name of taken) print(`${place}: ${name}: the mill has this tag already\n`);
  const count = faults.length + taken.length;
  say(count === 0 ? `${tags.length} tags, no fault\n` : `${count} faults\n`);
  return count === 0 ? EXIT.well : EXIT.faults;
}
