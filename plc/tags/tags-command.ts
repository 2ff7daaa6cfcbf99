import { parseArgs } from 'node:util';
import { UsageError } from './options.ts';
import { EXIT, type ExitCode, type Parsed, type Surroundings } from './surroundings.ts';

const HELP = `Lists of tags for a mill file (docs/tag-import.md)

npm run tags -- browse opc.tcp://host:port [options]
    writes a list of the server's variables as CSV
    --out FILE             where to; the screen unless told
    --connection NAME      the mill's name of this connection (field)
    --security KIND        strongest, or none: unprotected (strongest)
    --user NAME            who we are; the password lies with the certificates
    --separator KIND       comma or semicolon, as your spreadsheet reads it (comma)

npm run tags -- probe host:port --start N [options]
    shows registers of a Modbus device in all types and word orders;
    also rtu+tcp://host:port and serial:/dev/ttyUSB0?baud=9600&parity=none
    --unit N               unit number (1)
    --area AREA            holding or input (holding)
    --start N              first register, protocol address from 0
    --count N              how many, 1..500 (10)
    --timeout N            ms to wait for an answer (1000)

npm run tags -- check FILE [--mill NAME]
    names every fault of a list; with --mill also unknown connections

Exit code: 0 all well, 1 faults or no answer, 2 wrong command line.
DATA_DIR says where the controller's certificates are (./data).
`;

/** Runs one command. Never throws for what a person or a device did wrong. */
export async function runTags(args: readonly string[], around: Surroundings): Promise<ExitCode> {
  const [name, ...rest] = args;
  try {
    if (name === undefined || name === '--help' || name === 'help' || rest.includes('--help')) {
      around.print(HELP);
      return name === undefined ? EXIT.usage : EXIT.well;
    }
    const run = await commandOf(name, rest);
    if (run !== null) return await run(around);
    throw new UsageError(`unknown command ${name}; use browse, probe or check`);
  } catch (error) {
    if (error instanceof UsageError) {
      around.say(`${error.message}\nhelp: npm run tags -- --help\n`);
      return EXIT.usage;
    }
    around.say(`${error instanceof Error ? error.message : String(error)}\n`);
    return EXIT.faults;
  }
}

/** Loads what the command needs and no more: the OPC UA library takes its time. */
async function commandOf(
  name: string,
  args: readonly string[],
): Promise<((around: Surroundings) => Promise<ExitCode>) | null> {
  if (name === 'browse') {
    const given = parsed(args, BROWSE);
    const { browse } = await import('./browse-command.ts');
    return (around) => browse(given, around);
  }
  if (name === 'probe') {
    const given = parsed(args, PROBE);
    const { probe } = await import('./probe-command.ts');
    return (around) => probe(given, around);
  }
  if (name === 'check') {
    const given = parsed(args, CHECK);
    const { check } = await import('./check-command.ts');
    return (around) => check(given, around);
  }
  return null;
}

const BROWSE = ['out', 'connection', 'security', 'user', 'separator'] as const;
const PROBE = ['unit', 'area', 'start', 'count', 'timeout'] as const;
const CHECK = ['mill'] as const;

/** @throws {UsageError} for an option that the command does not know, and without one place. */
function parsed<O extends string>(args: readonly string[], names: readonly O[]): Parsed<O> {
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])),
    });
    const [place, ...more] = positionals;
    if (place === undefined || more.length > 0) throw new UsageError('name one address or file');
    return { place, options: values as Parsed<O>['options'] };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
