/**
 * Goal: what a driver reads from the field's own history is stored at its time, beside the live
 * samples, and changes nothing of what is known now; lines that stand for many measurements stay
 * within their bound.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Quality } from '../../plc/model/quality.ts';
import { qualityCode } from '../../plc/model/quality.ts';
import type { HistorySample } from '../../plc/model/record.ts';
import type { TagDefinition, TagValue } from '../../plc/model/tag.ts';
import { doubt, good, UNKNOWN } from '../../plc/model/tag.ts';
import { History } from '../../plc/runtime/history.ts';
import { InputImage } from '../../plc/runtime/input-image.ts';
import { TagIndex } from '../../plc/runtime/tag-index.ts';
import { fieldTag } from '../support/driver-tags.ts';

const NOW_MS = 1_700_000_000_000;

describe('history that was missed', () => {
  it('is stored at its own time, and the present goes on as if it had not come', () => {
    const index = new TagIndex({ tags: [fieldTag('Amps', 'float', 'input', null)] });
    const image = new InputImage(index);
    const history = new History(index, image);
    const live = (value: number, utcMs: number) => {
      image.deliver([{ tag: 'Amps', value: good(value, utcMs) }], utcMs);
      image.freeze(utcMs);
      history.observe([0], utcMs);
    };
    live(7, NOW_MS);
    const past = [good(3, NOW_MS - 2_000), good(4, NOW_MS - 1_000, NOW_MS + 3_600_000)];
    history.backfill('Amps', past);
    history.backfill('Nobody', past);
    live(7, NOW_MS + 100);
    live(8, NOW_MS + 200);
    expect(history.take()).toEqual([
      [0, NOW_MS, 7, 0],
      [0, NOW_MS - 2_000, 3, 0],
      [0, NOW_MS - 1_000, 4, 0],
      [0, NOW_MS + 200, 8, 0],
    ]);
    expect(image.value(0)).toMatchObject({ quality: 'good', value: 8 });
  });
});

describe('what is stored of each kind of tag', () => {
  type Kind = Partial<Omit<TagDefinition, 'name'>>;
  type Doubt = Exclude<Quality, 'good'>;

  /** Scans a value each 100 ms and gives what was stored. */
  function stored(kind: Kind, values: readonly TagValue[]): HistorySample[] {
    const tag = { ...fieldTag('Any', 'float', 'input', null), ...kind };
    const index = new TagIndex({ tags: [tag] });
    const image = new InputImage(index);
    const history = new History(index, image);
    values.forEach((value, at) => {
      const utcMs = NOW_MS + at * 100;
      image.deliver([{ tag: 'Any', value }], utcMs);
      history.observe(image.freeze(utcMs), utcMs);
      history.repeat(utcMs);
    });
    return history.take();
  }

  /** What was stored last at each scan. */
  function held(samples: readonly HistorySample[], scans: number) {
    return Array.from({ length: scans }, (_, at) =>
      samples.findLast(([, timeMs]) => timeMs <= NOW_MS + at * 100),
    );
  }

  const measured = fc.array(
    fc.oneof(
      { weight: 9, arbitrary: fc.double({ min: -50, max: 150, noNaN: true }) },
      { weight: 1, arbitrary: fc.constantFrom<Doubt>('stale', 'bad', 'uncertain') },
    ),
    { minLength: 1, maxLength: 200 },
  );
  const valuesOf = (steps: readonly (number | Doubt)[]) =>
    steps.map((step, at) => {
      if (typeof step === 'number') return good(step, NOW_MS + at * 100);
      const before = steps.slice(0, at).findLast((one) => typeof one === 'number');
      return doubt(before === undefined ? UNKNOWN : good(Number(before), NOW_MS), step);
    });

  it('DOMAIN 9, quality is kept: a measurement is restored within its deadband', () => {
    fc.assert(
      fc.property(measured, fc.double({ min: 0.001, max: 20, noNaN: true }), (steps, deadband) => {
        const values = valuesOf(steps);
        const told = held(stored({ deadband }, values), values.length);
        values.forEach((value, at) => {
          // Of what was never stored nothing is known.
          const [, , number = null, quality = qualityCode('bad')] = told[at] ?? [];
          expect(quality).toBe(qualityCode(value.quality));
          const was = value.quality === 'good' ? value.value : value.lastValue;
          if (was === null) expect(number).toBeNull();
          else expect(Math.abs(Number(was) - Number(number))).toBeLessThan(deadband);
        });
      }),
    );
  });

  it('DOMAIN 9, a gap is no flat line: none runs over what was not good', () => {
    fc.assert(
      fc.property(measured, fc.double({ min: 0.001, max: 20, noNaN: true }), (steps, lineBound) => {
        const values = valuesOf(steps);
        const samples = stored({ lineBound }, values);
        const told = held(samples, values.length);
        values.forEach((value, at) => {
          if (value.quality === 'good') return;
          const [, , , quality = qualityCode('bad')] = told[at] ?? [];
          expect(quality).toBe(qualityCode(value.quality));
        });
        const times = samples.map(([, timeMs]) => timeMs);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
      }),
    );
  });

  it('flags, states and counts are kept exactly, each change of them', () => {
    const kinds: Kind[] = [{ dataType: 'bool' }, { dataType: 'uint16' }, { dataType: 'uint32' }];
    fc.assert(
      fc.property(
        fc.constantFrom(...kinds),
        fc.array(fc.integer({ min: 0, max: 4_294_967_295 }), { minLength: 1, maxLength: 100 }),
        (kind, numbers) => {
          const raw = numbers.map((one) => (kind.dataType === 'bool' ? one % 2 : one));
          const values = raw.map((one, at) =>
            good(kind.dataType === 'bool' ? one === 1 : one, NOW_MS + at * 100),
          );
          const told = held(stored(kind, values), values.length).map((one) => one?.[2]);
          expect(told).toEqual(raw);
        },
      ),
    );
  });

  it('a total is stored as it was read, each time it has risen by its step', () => {
    const reads = Array.from({ length: 400 }, (_, at) => 1_000.1 + at * 0.013);
    const values = reads.map((one, at) => good(one, NOW_MS + at * 100));
    const samples = stored({ deadband: 1, isExact: true }, values).map(([, , value]) => value);
    expect(samples).toHaveLength(6);
    for (const value of samples) expect(reads).toContain(value);
  });

  it('what does not change is stored again after the silence that the tag states', () => {
    const still = Array.from({ length: 700 }, (_, at) => good(7, NOW_MS + at * 100));
    const times = (kind: Kind) => stored(kind, still).map(([, timeMs]) => timeMs - NOW_MS);
    expect(times({ silenceMs: 20_000 })).toEqual([0, 20_000, 40_000, 60_000]);
    expect(times({ silenceMs: 20_000, lineBound: 1 })).toEqual([0, 20_000, 40_000, 60_000]);
    expect(times({})).toEqual([0]);
  });
});

describe('a measurement that is stored by lines', () => {
  const BOUND = 0.5;

  function rig() {
    const temperature = { ...fieldTag('BinT', 'float', 'input', null), lineBound: BOUND };
    const index = new TagIndex({ tags: [temperature] });
    const image = new InputImage(index);
    const history = new History(index, image);
    const measured: [number, number][] = [];
    let nowMs = NOW_MS;
    const scan = (value: TagValue) => {
      nowMs += 100;
      image.deliver([{ tag: 'BinT', value }], nowMs);
      const changed = image.freeze(nowMs);
      history.observe(changed, nowMs);
      if (value.quality === 'good') measured.push([nowMs, Number(value.value)]);
      history.repeat(nowMs);
    };
    return { history, scan, measured, now: () => nowMs };
  }

  /** The value of the line between the stored samples around a time. */
  function lineAt(samples: readonly HistorySample[], timeMs: number): number {
    const right = samples.find((one) => one[1] >= timeMs);
    const left = samples.findLast((one) => one[1] <= timeMs);
    if (right === undefined || left === undefined) return Number.NaN;
    const [a, b] = [left[2] ?? Number.NaN, right[2] ?? Number.NaN];
    return right === left ? a : a + ((timeMs - left[1]) / (right[1] - left[1])) * (b - a);
  }

  it('keeps every scan within the bound of its lines, also where it stood still and then moved', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            scans: fc.integer({ min: 1, max: 900 }),
            move: fc.oneof(fc.double({ min: -0.4, max: 0.4, noNaN: true }), fc.constant(7)),
          }),
          { minLength: 1, maxLength: 30 },
        ),
        (steps) => {
          const { history, scan, measured, now } = rig();
          let value = 20;
          for (const { scans, move } of steps) {
            value += move;
            for (let at = 0; at < scans; at += 1) scan(good(value, now()));
          }
          history.finish();
          const samples = history.take();
          const worst = Math.max(
            ...measured.map(([timeMs, was]) => Math.abs(lineAt(samples, timeMs) - was)),
          );
          expect(worst).toBeLessThanOrEqual(BOUND + 1e-9);
          expect(samples.length).toBeLessThan(measured.length / 50 + 4 * steps.length + 3);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('is stored at least once a minute while it moves, so that history is never far behind', () => {
    const { history, scan, now } = rig();
    for (let at = 0; at < 3_000; at += 1) scan(good(20 + at / 100, now()));
    const times = history.take().map(([, timeMs]) => timeMs - NOW_MS);
    expect(times).toEqual([100, 60_100, 120_100, 180_100, 240_100]);
  });

  it('needs nothing while the last stored value is within the bound of what is measured', () => {
    const { history, scan, now } = rig();
    for (let at = 0; at < 9_010; at += 1) scan(good(20 + 0.2 * (at % 2), now()));
    const times = history.take().map(([, timeMs]) => timeMs - NOW_MS);
    expect(times).toEqual([100, 900_100]);
  });

  it('stores each change of quality, and the last good value before it', () => {
    const { history, scan, now } = rig();
    const trusted = good(20, NOW_MS);
    scan(trusted);
    for (let at = 0; at < 9; at += 1) scan(good(20.125, now()));
    scan(doubt(trusted, 'stale'));
    scan(good(20.125, now()));
    expect(
      history.take().map(([, timeMs, value, quality]) => [timeMs - NOW_MS, value, quality]),
    ).toEqual([
      [100, 20, 0],
      [1_000, 20.125, 0],
      [1_100, 20, 2],
      [1_200, 20.125, 0],
    ]);
  });
});
