import type { MillDefinition } from './definition.ts';
import { isPositioner } from './definition.ts';
import type { MillFault } from './mill-fault.ts';
import { inRange } from './mill-fault.ts';
import { routeHoles } from './route-path.ts';

function flowFaults(mill: MillDefinition): MillFault[] {
  const deviceOf = new Map(mill.devices.map((one) => [one.id, one]));
  return mill.flows.flatMap((flow) => {
    const place = `flows: ${flow.from} -> ${flow.to}`;
    const unknown = [flow.from, flow.to]
      .filter((id) => !deviceOf.has(id))
      .map((id) => ({
        place,
        fault: `unknown device ${id}`,
        mend: 'name a device of this mill',
      }));
    const from = deviceOf.get(flow.from);
    if (
      from !== undefined &&
      isPositioner(from) &&
      !inRange(flow.port, 1, from.settings.positions)
    ) {
      return [
        ...unknown,
        {
          place,
          fault: `position ${flow.port} is not on ${from.id}`,
          mend: `use 1..${from.settings.positions}`,
        },
      ];
    }
    return unknown;
  });
}

function routeFaults(mill: MillDefinition): MillFault[] {
  const ids = new Set(mill.devices.map((one) => one.id));
  const routeIds = new Set(mill.routes.map((one) => one.id));
  const used: [string, string][] = [
    ...mill.lines.flatMap((line) =>
      Object.values(line.routes).map((route): [string, string] => [`lines: ${line.id}`, route]),
    ),
    ...mill.pressLines.map((one): [string, string] => [`pressLines: ${one.press}`, one.route]),
    ...mill.baggingLines.map((one): [string, string] => [`baggingLines: ${one.bagger}`, one.route]),
    ...mill.refills.map((one): [string, string] => [`refills: ${one.id}`, one.route]),
  ];
  return [
    ...used
      .filter(([, route]) => !routeIds.has(route))
      .map(([place, route]) => ({
        place,
        fault: `unknown route ${route}`,
        mend: 'list it under routes',
      })),
    ...mill.routes.flatMap((route) => {
      const place = `routes: ${route.id}`;
      const unknown = [...route.sources, ...route.destinations].filter((id) => !ids.has(id));
      if (unknown.length > 0) {
        return unknown.map((id) => ({
          place,
          fault: `unknown bin or device ${id}`,
          mend: 'name a device of this mill',
        }));
      }
      return routeHoles(mill, route).map(({ from, to }) => ({
        place,
        fault: `no flow leads from ${from} to ${to}`,
        mend: 'close the gap under flows',
      }));
    }),
  ];
}

function destinations(mill: MillDefinition, route: string): readonly string[] {
  return mill.routes.find(({ id }) => id === route)?.destinations ?? [];
}

/**
 * A line's presses and baggers are among the mill's and its mash reaches each press; each of its
 * finished bins is filled from one of them or directly, feeds a bagger, and belongs to it alone.
 */
function lineFaults(mill: MillDefinition): MillFault[] {
  return mill.lines.flatMap((line) => {
    const place = `lines: ${line.id}`;
    const fault = (what: string, mend: string): MillFault => ({ place, fault: what, mend });
    const presses = mill.pressLines.filter(({ press }) => line.presses.includes(press));
    const baggers = mill.baggingLines.filter(({ bagger }) => line.baggers.includes(bagger));
    const reached = destinations(mill, line.routes.mixToPress);
    const filled = [
      ...destinations(mill, line.routes.mixToFinished),
      ...presses.flatMap(({ route }) => destinations(mill, route)),
    ];
    const others = mill.lines.filter((other) => other !== line);
    return [
      ...line.presses
        .filter((id) => !presses.some(({ press }) => press === id))
        .map((id) => fault(`${id} is no press line`, 'list it under pressLines')),
      ...line.baggers
        .filter((id) => !baggers.some(({ bagger }) => bagger === id))
        .map((id) => fault(`${id} is no bagging line`, 'list it under baggingLines')),
      ...presses
        .filter(({ bin }) => !reached.includes(bin))
        .map(({ bin }) => fault(`no mash comes to ${bin}`, 'lead mixToPress there')),
      ...line.finishedBins
        .filter((bin) => !filled.includes(bin))
        .map((bin) => fault(`nothing fills ${bin}`, 'lead a press or mixToFinished there')),
      ...line.finishedBins
        .filter((bin) => !baggers.some(({ bins }) => bins.includes(bin)))
        .map((bin) => fault(`no bagger is fed from ${bin}`, 'list both under baggingLines')),
      ...line.finishedBins
        .filter((bin) => others.some(({ finishedBins }) => finishedBins.includes(bin)))
        .map((bin) => fault(`${bin} belongs to two lines`, 'give it to one')),
    ];
  });
}

/** Faults of what product takes: flows, routes, and lines with their presses and baggers. */
export function wayFaults(mill: MillDefinition): MillFault[] {
  return [...flowFaults(mill), ...routeFaults(mill), ...lineFaults(mill)];
}
