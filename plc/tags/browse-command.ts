import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type BrowsedVariable, browseServer } from '../drivers/opcua/browse.ts';
import { tagCsv } from '../mill/tag-csv.ts';
import type { OpcUaConnection } from '../model/connection.ts';
import { rowsOfVariables } from './browsed-rows.ts';
import { explained } from './device-error.ts';
import { UsageError, word } from './options.ts';
import { EXIT, type ExitCode, type Parsed, type Surroundings } from './surroundings.ts';

type Option = 'out' | 'connection' | 'security' | 'user' | 'separator';

/** How often progress is told where lines cannot be written over, ms. */
const PROGRESS_EVERY_MS = 2_000;

/** Writes a list of a server's variables as CSV, for an engineer to complete. */
export async function browse(given: Parsed<Option>, around: Surroundings): Promise<ExitCode> {
  const { options } = given;
  const connection = connectionOf(given);
  const mark = word('separator', options.separator, ['comma', 'semicolon']);
  const separator = mark === 'comma' ? ',' : ';';
  const dataDir = resolve(around.environment['DATA_DIR'] || './data');
  const pkiFolder = join(dataDir, 'plc', 'pki', connection.id);
  await mkdir(dirname(pkiFolder), { recursive: true });
  const variables = await find(connection, pkiFolder, around);
  const text = tagCsv(rowsOfVariables(connection.id, variables, separator), separator);
  if (options.out === undefined) around.print(text);
  else await writeFile(options.out, text);
  around.say(summary(variables, options.out));
  return EXIT.well;
}

function connectionOf({ place, options }: Parsed<Option>): OpcUaConnection {
  if (!/^opc\.tcp:\/\/[^\s/]+/.test(place)) {
    throw new UsageError(`${place} is no OPC UA server; write opc.tcp://host:port`);
  }
  const id = options.connection ?? 'field';
  if (!/^[A-Za-z][\w-]{0,31}$/.test(id)) throw new UsageError(`--connection ${id} is no name`);
  return {
    kind: 'opcua',
    id,
    text: { vi: id, en: id },
    endpointUrl: place,
    namespaceUri: '',
    publishingIntervalMs: 1_000,
    security: word('security', options.security, ['strongest', 'none']),
    identity:
      options.user === undefined ? { kind: 'anonymous' } : { kind: 'user', userName: options.user },
  };
}

async function find(
  connection: OpcUaConnection,
  pkiFolder: string,
  { clock, say, isTerminal }: Surroundings,
): Promise<BrowsedVariable[]> {
  let toldMs = clock.nowMs();
  const progress = (nodes: number): void => {
    const nowMs = clock.nowMs();
    if (!isTerminal && nowMs - toldMs < PROGRESS_EVERY_MS) return;
    toldMs = nowMs;
    say(isTerminal ? `\r${nodes} nodes …` : `${nodes} nodes …\n`);
  };
  const log = {
    info: () => undefined,
    warn: (message: string, details?: object) => say(`${message} ${JSON.stringify(details)}\n`),
  };
  if (connection.security === 'none') say('unprotected: whoever is on the network can read it\n');
  const work = browseServer({ connection, pkiFolder, clock, log, progress });
  const found = await explained(work);
  if (isTerminal) say('\r');
  return found;
}

function summary(variables: readonly BrowsedVariable[], out: string | undefined): string {
  const usable = variables.filter((one) => one.tagDataType !== null && one.isReadable).length;
  const rest = variables.length - usable;
  const remark = rest === 0 ? '' : `, ${rest} that no tag can hold are in it as remarks (#)`;
  const next = out === undefined ? '' : `; complete it, then: npm run tags -- check ${out}`;
  return `${usable} tags${remark}${next}\n`;
}
