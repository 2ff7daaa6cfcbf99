import { is, type Placement } from '../../builders.ts';

export const NAMESPACE = 'urn:feed-mill:field';

/** A place on the OPC UA server. Every drive there stops on its area's emergency stop. */
export function field(area: string, x: number, y: number): Placement {
  return { area, connection: 'field', at: [x, y] };
}

export function running(area: string, x: number, y: number): Placement {
  return { ...field(area, x, y), interlocks: [is('ES001.EStop', false)] };
}

/** A drive on the Modbus gateway: eight registers each, in the unit of its group. */
export function vfd(area: string, x: number, y: number, unitId: number, slot: number): Placement {
  return {
    area,
    connection: 'drives',
    at: [x, y],
    unitId,
    registerBase: slot * 8,
    interlocks: [is('ES001.EStop', false)],
  };
}
