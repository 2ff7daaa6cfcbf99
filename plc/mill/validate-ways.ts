import type { MillDefinition } from './definition.ts';
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
    if (from?.type === 'diverter' && !inRange(flow.port, 1, from.settings.positions)) {
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

/** A line's presses are among the mill's; each of its finished bins feeds one of its baggers. */
function lineFaults(mill: MillDefinition): MillFault[] {
  return mill.lines.flatMap((line) => {
    const place = `lines: ${line.id}`;
    const presses = mill.pressLines.map((one) => one.press);
    const fed = mill.baggingLines
      .filter(({ bagger }) => line.baggers.includes(bagger))
      .flatMap((one) => one.bins);
    return [
      ...[line.press, ...line.presses]
        .filter((press) => !presses.includes(press))
        .map((press) => ({
          place,
          fault: `${press} is not pressed from any bin`,
          mend: 'list it under pressLines',
        })),
      ...line.finishedBins
        .filter((bin) => !fed.includes(bin))
        .map((bin) => ({
          place,
          fault: `none of ${line.baggers.join(', ')} is fed from ${bin}`,
          mend: 'list the bin under baggingLines',
        })),
    ];
  });
}

/** Faults of what product takes: flows, routes, and lines with their presses and baggers. */
export function wayFaults(mill: MillDefinition): MillFault[] {
  return [...flowFaults(mill), ...routeFaults(mill), ...lineFaults(mill)];
}
