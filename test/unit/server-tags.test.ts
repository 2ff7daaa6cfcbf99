// Goal: the server never shows a value as good that it does not know to be: what the controller
// says is kept with its quality, and without the controller nothing is good.
import { describe, expect, test } from 'vitest';
import type { TagChange } from '../../plc/link/contract.ts';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import { decodeLiveFrame } from '../../server/contract/live-frame.ts';
import { Subscription } from '../../server/live/subscription.ts';
import { TagStore } from '../../server/tags/tag-store.ts';

function storeWith(...changes: TagChange[]): TagStore {
  const store = new TagStore(pilot.tags);
  store.apply({ sequence: 1, full: true, timeMs: 500, changes });
  return store;
}

describe('the tag store', () => {
  test('knows nothing before the first frame', () => {
    const store = new TagStore(pilot.tags);
    expect(store.at(0)).toMatchObject({ quality: 'bad', lastValue: null });
    expect(store.frameTimeMs).toBe(0);
  });

  test('keeps each quality, and takes good without a value for bad', () => {
    const store = storeWith(
      [0, 0, 5, 1, 2],
      [1, 1, 6, 1, 2],
      [2, 3, null, 1, 2],
      [3, 0, null, 1, 2],
    );
    expect(store.at(0)).toEqual({ quality: 'good', value: 5, sourceTimeMs: 1, receivedTimeMs: 2 });
    expect(store.at(1)).toMatchObject({ quality: 'uncertain', lastValue: 6 });
    expect(store.at(2)).toMatchObject({ quality: 'bad', lastValue: null });
    expect(store.at(3)).toMatchObject({ quality: 'bad', lastValue: null });
  });

  test('loses all trust with the controller, and no more than that', () => {
    const store = storeWith([0, 0, 5, 1, 2], [1, 1, 6, 1, 2], [2, 3, 7, 1, 2]);
    store.loseAll();
    expect([0, 1, 2].map((index) => store.at(index).quality)).toEqual(['stale', 'stale', 'bad']);
    expect(store.at(0)).toMatchObject({ lastValue: 5, sourceTimeMs: 1 });
  });

  test('tells of a tag to those who watch it, until they stop', () => {
    const store = storeWith();
    const seen: number[] = [];
    const stop = store.watch(4, (index) => seen.push(index));
    const apply = (index: number) =>
      store.apply({ sequence: 2, full: false, timeMs: 1, changes: [[index, 0, 1, 1, 1]] });
    apply(4);
    apply(5);
    stop();
    apply(4);
    expect(seen).toEqual([4]);
  });

  test('ignores an index that the mill does not have', () => {
    const store = storeWith([pilot.tags.length, 0, 1, 1, 1]);
    expect(store.at(pilot.tags.length).quality).toBe('bad');
  });
});

describe('a subscription', () => {
  const names = [pilot.tags[3]?.name ?? '', 'Khong.Co', pilot.tags[3]?.name ?? ''];

  test('numbers its frames, merges changes, and is silent without any', () => {
    const store = storeWith();
    const subscription = new Subscription(store, names);
    subscription.start();
    subscription.start();
    expect(decodeLiveFrame(subscription.snapshot()).changes.length).toBe(3);
    expect(subscription.nextFrame()).toBeNull();
    for (const value of [1, 2, 3]) {
      store.apply({ sequence: value, full: false, timeMs: value, changes: [[3, 0, value, 0, 0]] });
    }
    const frame = decodeLiveFrame(subscription.nextFrame() ?? new Uint8Array(14));
    expect([frame.sequence, frame.timeMs]).toEqual([2, 3]);
    expect(frame.changes.map(({ tag, value }) => [tag, value])).toEqual([
      [0, 3],
      [2, 3],
    ]);
    subscription.stop();
    store.apply({ sequence: 4, full: false, timeMs: 4, changes: [[3, 0, 9, 0, 0]] });
    expect(subscription.nextFrame()).toBeNull();
  });
});
