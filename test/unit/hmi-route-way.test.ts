/**
 * Goal: a route's faceplate lists the devices that the controller will drive, in their order, and
 * never a way that leads through a bin.
 */
import { describe, expect, it } from 'vitest';
import { routeWay } from '../../hmi/src/state/route-way.ts';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import { routePath } from '../../plc/mill/route-path.ts';
import { millView } from '../../server/api/mill-view.ts';

const view = millView(pilot);

describe('the way of a route on the screen', () => {
  const ways = pilot.routes.flatMap((route) =>
    route.sources.flatMap((from) => route.destinations.map((to) => [route.id, from, to] as const)),
  );

  it.each(ways)('of %s from %s to %s is the one that the controller takes', (_, from, to) => {
    const driven = routePath(pilot, from, to)?.map((step) => step.device);
    expect(routeWay(view, from, to)).toEqual(driven);
  });

  it('is empty where no flow leads', () => {
    expect(routeWay(view, 'FB901', 'SI201')).toEqual([]);
    expect(routeWay(view, 'nowhere', 'SI201')).toEqual([]);
  });

  it('does not lead through a bin: what lies in one has arrived', () => {
    expect(routeWay(view, 'PIT101', 'DB401')).toEqual([]);
  });
});
