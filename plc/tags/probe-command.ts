import { type ProbedRegister, type ProbeOptions, probeRegisters } from '../drivers/modbus/probe.ts';
import { modbusTransport } from '../mill/modbus-transport.ts';
import { type TagScalar, WORD_ORDERS } from '../model/tag.ts';
import { explained } from './device-error.ts';
import { UsageError, wholeNumber, word } from './options.ts';
import { EXIT, type ExitCode, type Parsed, type Surroundings } from './surroundings.ts';

type Option = 'unit' | 'area' | 'start' | 'count' | 'timeout';

const COUNT_MAX = 500;
const COLUMN = 24;

/** Shows registers of a device in all types and word orders. */
export async function probe(
  { place, options }: Parsed<Option>,
  { clock, print, say }: Surroundings,
): Promise<ExitCode> {
  const transport = modbusTransport(place);
  if (!('kind' in transport)) throw new UsageError(`${place}: ${transport.join('; ')}`);
  const start = wholeNumber('start', options.start, null, [0, 65_535]);
  const request: ProbeOptions = {
    transport,
    unitId: wholeNumber('unit', options.unit, 1, [0, 255]),
    area: word('area', options.area, ['holding', 'input']),
    start,
    count: wholeNumber('count', options.count, 10, [1, COUNT_MAX]),
    timeoutMs: wholeNumber('timeout', options.timeout, 1_000, [10, 60_000]),
    clock,
  };
  const registers = await explained(probeRegisters(request));
  print(registers.map(registerText).join('\n'));
  const refused = registers.filter((one) => one.word === null).length;
  say(`${registers.length - refused} registers read, ${refused} refused\n`);
  return refused === registers.length ? EXIT.faults : EXIT.well;
}

/**
 * A register with its raw word, then a line a type with a column a word order; types that begin
 * here but reach beyond what was read are left out.
 */
function registerText({ register, word: raw, refusal, readings }: ProbedRegister): string {
  if (raw === null) return `register ${register}  refused: ${refusal}\n`;
  const hex = raw.toString(16).padStart(4, '0').toUpperCase();
  const bits = (raw.toString(2).padStart(16, '0').match(/.{4}/g) ?? []).join(' ');
  const head = `register ${register}  0x${hex}  bits 15..0: ${bits}\n`;
  const titles = `  ${'type'.padEnd(8)}${WORD_ORDERS.map((one) => one.padEnd(COLUMN)).join('')}`;
  const types = [...new Set(readings.map((one) => one.encoding))].filter((one) => one !== 'bool');
  const lines = types.map((encoding) => {
    const cells = WORD_ORDERS.map((order) => {
      const found = readings.find((one) => one.encoding === encoding && one.wordOrder === order);
      return (found === undefined ? '' : valueText(found.value)).padEnd(COLUMN);
    });
    return `  ${encoding.padEnd(8)}${cells.join('')}`;
  });
  return `${head}${[titles, ...lines].map((line) => `${line.trimEnd()}\n`).join('')}`;
}

function valueText(value: TagScalar | null): string {
  if (value === null) return '-';
  if (typeof value === 'string') return JSON.stringify(value.slice(0, COLUMN - 4));
  return typeof value === 'number' && !Number.isInteger(value)
    ? String(Number(value.toPrecision(9)))
    : String(value);
}
