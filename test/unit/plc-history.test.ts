/**
 * Goal: what a driver reads from the field's own history is stored at its time, beside the live
 * samples, and changes nothing of what is known now.
 */
import { describe, expect, it } from 'vitest';
import { good } from '../../plc/model/tag.ts';
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
