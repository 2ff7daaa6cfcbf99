import type { Express } from 'express';
import { DOORS } from '../auth/policy.ts';
import type { Route } from './route.ts';

type Declared = Pick<Route, 'method' | 'path' | 'door'>;

/**
 * Something of the router that no door guards: the programmer who added it must declare a route
 * for it.
 */
export class DoorlessRouteError extends Error {
  readonly places: readonly string[];

  constructor(places: readonly string[]) {
    super(`reachable without a door in the policy table:\n${places.join('\n')}`);
    this.name = 'DoorlessRouteError';
    this.places = places;
  }
}

/**
 * Walks what the router really holds: each path and method must be declared with a door of the
 * policy, and each piece of middleware must be one that is known to answer nothing by itself but
 * files of the HMI.
 * @throws {DoorlessRouteError} naming every one that is not.
 */
export function assertEveryRouteHasDoor(
  app: Express,
  declared: readonly Declared[],
  middleware: readonly unknown[],
): void {
  const doors = new Map(declared.map((one) => [`${one.method} ${one.path}`, one.door]));
  const places: string[] = [];
  for (const layer of app.router.stack) {
    if (layer.route === undefined) {
      if (!middleware.includes(layer.handle)) places.push(`middleware ${layer.name}`);
      continue;
    }
    for (const { method } of layer.route.stack) {
      const place = `${method} ${layer.route.path}`;
      const door = doors.get(place);
      if (door === undefined || !DOORS.includes(door)) places.push(place);
    }
  }
  if (places.length > 0) throw new DoorlessRouteError([...new Set(places)]);
}
