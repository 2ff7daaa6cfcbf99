import { readFileSync } from 'node:fs';

/**
 * Talks to the control port of a running simulator from a terminal:
 * `npm run sim -- faults set welded device=CC101 forS=60`.
 */

const USAGE = `npm run sim -- <command>, on a running simulator (SIM_PORT, 8082)

  faults list                        lỗi đang có / faults that are present
  faults kinds                       mọi loại lỗi / every kind, what it hits and takes
  faults set <fault> key=value ...   device= role= connection= unit= forS= and its parameters
  faults clear [<fault>] [key=value ...]   không ghi gì: xóa tất cả / with nothing: all
  scenario list | run <name|file.json> [seed=n] | stop
  speed <0.1-100>
  truck material= lot= kg= [pit=]    bulk spout= name= kg= [compartments=]
  hand device= material= lot= kg=
  server <connection> up|down        unit <connection> <id> up|silent|answers
  state | ledger
`;

/** A command that cannot be sent; the person at the terminal must mend it. */
class UsageError extends Error {}

interface Request {
  readonly path: string;
  readonly body?: object;
}

/** `device=CC101 forS=60` as members; what reads as a number is one, except a lot. */
function members(words: readonly string[]): Record<string, string | number> {
  return Object.fromEntries(
    words.map((word) => {
      const [key, ...rest] = word.split('=');
      const value = rest.join('=');
      if (key === undefined || key === '' || rest.length === 0) {
        throw new UsageError(`${word} is not key=value`);
      }
      const number =
        key === 'lot' || key === 'name' || value.trim() === '' ? Number.NaN : Number(value);
      return [key, Number.isNaN(number) ? value : number];
    }),
  );
}

function faults([verb, ...rest]: readonly string[]): Request {
  if (verb === 'list' || verb === 'kinds') return { path: '/faults' };
  const named = rest[0] !== undefined && !rest[0].includes('=');
  const fault = named ? { fault: rest[0] } : {};
  const others = members(named ? rest.slice(1) : rest);
  if (verb === 'set' && named) return { path: '/faults', body: { ...fault, ...others } };
  if (verb === 'clear') return { path: '/faults', body: { active: false, ...fault, ...others } };
  throw new UsageError('faults list, kinds, set <fault> ... or clear');
}

function scenario([verb, name, ...rest]: readonly string[]): Request {
  const path = '/scenarios';
  if (verb === 'list') return { path };
  if (verb === 'stop') return { path, body: { stop: true } };
  if (verb !== 'run' || name === undefined) {
    throw new UsageError('scenario list, run <name|file.json> or stop');
  }
  const more = members(rest);
  if (!name.endsWith('.json')) return { path, body: { name, ...more } };
  return { path, body: { scenario: JSON.parse(readFileSync(name, 'utf8')), ...more } };
}

function server([connection, state]: readonly string[]): Request {
  if (connection === undefined || !(state === 'up' || state === 'down')) {
    throw new UsageError('server <connection> up|down');
  }
  return { path: `/servers/${connection}`, body: { up: state === 'up' } };
}

function unit([connection, id, state]: readonly string[]): Request {
  if (id === undefined || !['up', 'silent', 'answers'].includes(state ?? '')) {
    throw new UsageError('unit <connection> <id> up|silent|answers');
  }
  const body = state === 'up' ? { up: true } : { up: false, failure: state };
  return { path: `/servers/${connection}/units/${id}`, body };
}

function requestOf([command, ...rest]: readonly string[]): Request {
  switch (command) {
    case 'faults':
      return faults(rest);
    case 'scenario':
      return scenario(rest);
    case 'server':
      return server(rest);
    case 'unit':
      return unit(rest);
    case 'speed':
      return { path: '/speed', body: { speed: Number(rest[0]) } };
    case 'truck':
      return { path: '/trucks', body: members(rest) };
    case 'bulk':
      return { path: '/bulk-trucks', body: members(rest) };
    case 'hand':
      return { path: '/hand-adds', body: members(rest) };
    case 'state':
    case 'ledger':
      return { path: `/${command}` };
    default:
      throw new UsageError(USAGE);
  }
}

interface Kind {
  readonly target: string;
  readonly parameters: readonly string[];
  readonly text: { readonly vi: string; readonly en: string };
}

/** The kinds as a list to be read; all else as it came. */
function shown(words: readonly string[], answer: Record<string, unknown>): string {
  if (words[0] !== 'faults') return JSON.stringify(answer, null, 2);
  if (words[1] !== 'kinds') return JSON.stringify(answer['present'], null, 2);
  const kinds = Object.entries(answer['kinds'] as Record<string, Kind>);
  return kinds
    .map(([name, { target, parameters, text }]) => {
      const takes = parameters.length === 0 ? '' : `  (${parameters.join(', ')})`;
      return `${name.padEnd(16)}${target.padEnd(12)}${text.vi} / ${text.en}${takes}`;
    })
    .join('\n');
}

async function run(words: readonly string[]): Promise<void> {
  const { path, body } = requestOf(words);
  const port = process.env['SIM_PORT'] ?? '8082';
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    headers: { 'content-type': 'application/json' },
    signal: AbortSignal.timeout(30_000),
  });
  const content = (await answer.json()) as Record<string, unknown>;
  if (!answer.ok) throw new UsageError(String(content['detail']));
  process.stdout.write(`${shown(words, content)}\n`);
}

try {
  await run(process.argv.slice(2));
} catch (error) {
  const cause = (error as Error).cause;
  const why = cause instanceof Error ? `: ${cause.message}; is the simulator running?` : '';
  process.stderr.write(`${(error as Error).message}${why}\n`);
  process.exitCode = 1;
}
