import type { ScanClassMs, TagDirection } from '../model/tag.ts';
import type { Text } from '../model/text.ts';
import type { Unit } from '../model/unit.ts';
import type { FromSettings, RegisterTemplate, TagTemplate } from './tag-template.ts';

/** Both languages of a text, Vietnamese first. */
export function text(vi: string, en: string): Text {
  return { vi, en };
}

/** A flag read from or written to the field. */
export function flag<S>(
  role: string,
  direction: TagDirection,
  words: Text,
  register?: RegisterTemplate,
): TagTemplate<S> {
  const base = {
    role,
    direction,
    text: words,
    dataType: 'bool',
    unit: '',
    low: 0,
    high: 1,
  } as const;
  return register === undefined ? base : { ...base, register };
}

/** A measured or commanded number with its unit and range. */
export function analog<S>(
  role: string,
  direction: TagDirection,
  words: Text,
  unit: Unit,
  range: readonly [FromSettings<S>, FromSettings<S>],
  register?: RegisterTemplate,
): TagTemplate<S> {
  const base = {
    role,
    direction,
    text: words,
    dataType: 'float',
    unit,
    low: range[0],
    high: range[1],
    collection: { deadbandPct: 0.5 },
  } as const;
  return register === undefined ? base : { ...base, register };
}

/**
 * A slow measurement, such as a temperature or a level: stored by lines that are at most half a
 * percent of its range off.
 */
export function byLines<S>(template: TagTemplate<S>): TagTemplate<S> {
  return { ...template, collection: { lineBoundPct: 0.5 } };
}

/** A measured total that only rises: stored as it was read whenever it has risen by one unit. */
export function total<S>(template: TagTemplate<S>): TagTemplate<S> {
  return { ...template, collection: { deadband: 1, isExact: true } };
}

/** A tag that the field is asked for less often than each 100 ms. */
export function scanned<S>(scanMs: ScanClassMs, template: TagTemplate<S>): TagTemplate<S> {
  return { ...template, scanMs };
}

/**
 * A process value for people and loops: asked for at its own pace, and changes below the noise of
 * its transmitter (0.2 % of the range) stay in the field.
 */
export function measured<S>(scanMs: ScanClassMs, template: TagTemplate<S>): TagTemplate<S> {
  return { ...template, scanMs, fieldDeadbandPct: 0.2 };
}

/** A float in two input registers. */
export function reading(offset: number): RegisterTemplate {
  return { area: 'input', offset, encoding: 'float32' };
}

/** A count in two input registers. */
export function count(offset: number): RegisterTemplate {
  return { area: 'input', offset, encoding: 'uint32' };
}

/** One bit of an input register. */
export function statusBit(offset: number, bit: number): RegisterTemplate {
  return { area: 'input', offset, encoding: 'bool', bit };
}

/** A count that only rises; stored at every change, and none between two publishes is lost. */
export function counter<S>(
  role: string,
  direction: TagDirection,
  words: Text,
  unit: Unit,
  register?: RegisterTemplate,
): TagTemplate<S> {
  const base = {
    role,
    direction,
    text: words,
    dataType: 'uint32',
    unit,
    low: 0,
    high: 4_294_967_295,
    everyValue: direction === 'input',
  } as const;
  return register === undefined ? base : { ...base, register };
}

/** A state computed by the device's machine: code and texts. */
export function state<S>(
  names: readonly string[],
  words: Readonly<Record<string, Text>>,
  role = 'State',
): TagTemplate<S> {
  const states: Record<number, Text> = {};
  names.forEach((name, code) => {
    states[code] = words[name] ?? { vi: name, en: name };
  });
  return {
    role,
    direction: 'derived',
    dataType: 'uint16',
    unit: '',
    low: 0,
    high: names.length - 1,
    text: text('Trạng thái', 'State'),
    states,
  };
}
