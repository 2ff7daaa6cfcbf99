/**
 * Goal: what a driver reads from the field's own history is stored at its time, beside the live
 * samples, and changes nothing of what is known now; lines that stand for many measurements stay
 * within their bound.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HistorySample } from '../../plc/model/record.ts';
import type { TagValue } from '../../plc/model/tag.ts';
import { doubt, good } from '../../plc/model/tag.ts';
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

  it('is stored at least once a minute, so that history is never far behind', () => {
    const { history, scan, now } = rig();
    for (let at = 0; at < 3_000; at += 1) scan(good(20, now()));
    const times = history.take().map(([, timeMs]) => timeMs - NOW_MS);
    expect(times).toEqual([100, 60_100, 120_100, 180_100, 240_100]);
  });

  it('stores each change of quality, and the last good value before it', () => {
    const { history, scan, now } = rig();
    const trusted = good(20, NOW_MS);
    scan(trusted);
    for (let at = 0; at < 9; at += 1) scan(good(20.1, now()));
    scan(doubt(trusted, 'stale'));
    scan(good(20.1, now()));
    expect(
      history.take().map(([, timeMs, value, quality]) => [timeMs - NOW_MS, value, quality]),
    ).toEqual([
      [100, 20, 0],
      [1_000, 20.1, 0],
      [1_100, 20, 2],
      [1_200, 20.1, 0],
    ]);
  });
});
