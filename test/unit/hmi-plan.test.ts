// Goal: dragging an order in the plan puts it where it was dropped, by pointer or by key.
import { expect, test } from 'vitest';
import { moved } from '../../hmi/src/displays/plan/plan-move.ts';

const queue = ['A', 'B', 'C', 'D'];

test('an order goes before the one that it is dropped on', () => {
  expect(moved(queue, 'D', 1)).toEqual(['A', 'D', 'B', 'C']);
  expect(moved(queue, 'A', 3)).toEqual(['B', 'C', 'A', 'D']);
});

test('one step up or down changes places with the neighbour, and stops at the ends', () => {
  expect(moved(queue, 'B', 0)).toEqual(['B', 'A', 'C', 'D']);
  expect(moved(queue, 'B', 3)).toEqual(['A', 'C', 'B', 'D']);
  expect(moved(queue, 'A', -1)).toEqual(queue);
  expect(moved(queue, 'D', 5)).toEqual(queue);
});

test('an order that is not in the queue moves nothing', () => {
  expect(moved(queue, 'X', 0)).toEqual(queue);
});
