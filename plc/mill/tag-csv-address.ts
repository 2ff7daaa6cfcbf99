import type { ModbusAddress, ModbusArea, OpcUaAddress, TagAddress } from '../model/tag.ts';

const AREAS: readonly ModbusArea[] = ['coil', 'discrete', 'input', 'holding'];
const OPCUA_FORM = 'nsu=<namespace URI>;s=<name> (or i=, g=, b=)';
const MODBUS_FORM = 'unit/area/register or unit/area/register.bit, e.g. 3/holding/100';

/** Where a tag is, without what other columns say of it. */
export type Place =
  | Pick<OpcUaAddress, 'kind' | 'namespaceUri' | 'identifier'>
  | Pick<ModbusAddress, 'kind' | 'unitId' | 'area' | 'register' | 'bit'>;

/** What is wrong with a cell and what would mend it. */
export interface CellFault {
  readonly fault: string;
  readonly mend: string;
}

/** The place that the column `address` names, or every fault of it. */
export function placeOf(cell: string): Place | readonly CellFault[] {
  if (/^(nsu?|[sigb])=/.test(cell)) return nodeOf(cell);
  return registerOf(cell);
}

function nodeOf(cell: string): Place | readonly CellFault[] {
  if (!cell.startsWith('nsu=')) {
    return [
      {
        fault: 'a node without its namespace URI; an index changes when the server is changed',
        mend: `write ${OPCUA_FORM}`,
      },
    ];
  }
  const match =
    /^nsu=([^;\s]+);((?:s=.+)|(?:i=\d{1,10})|(?:g=[\dA-Fa-f-]{36})|(?:b=[\w+/=]+))$/.exec(cell);
  const [, namespaceUri, identifier] = match ?? [];
  if (namespaceUri === undefined || identifier === undefined) {
    return [{ fault: `${cell} is no node`, mend: `write ${OPCUA_FORM}` }];
  }
  return { kind: 'opcua', namespaceUri, identifier };
}

function registerOf(cell: string): Place | readonly CellFault[] {
  const match = /^(\d{1,5})\/([a-z]+)\/(\d{1,7})(?:\.(\d{1,3}))?$/.exec(cell);
  const [, unit, areaName, register, bit] = match ?? [];
  if (unit === undefined || register === undefined) {
    return [{ fault: `${cell} is no address`, mend: `write ${MODBUS_FORM} or ${OPCUA_FORM}` }];
  }
  const faults: CellFault[] = [];
  const area = AREAS.find((one) => one === areaName);
  if (Number(unit) > 255) faults.push({ fault: `unit ${unit}`, mend: 'use 0..255' });
  if (Number(register) > 65_535) {
    faults.push({
      fault: `register ${register}`,
      mend: 'use the protocol address 0..65535, e.g. 0 for 40001',
    });
  }
  if (Number(bit ?? 0) > 15) faults.push({ fault: `bit ${bit}`, mend: 'use 0..15' });
  if (area === undefined) {
    faults.push({ fault: `area ${areaName}`, mend: `use ${AREAS.join(', ')}` });
  }
  if (faults.length > 0 || area === undefined) return faults;
  return {
    kind: 'modbus',
    unitId: Number(unit),
    area,
    register: Number(register),
    bit: bit === undefined ? null : Number(bit),
  };
}

/** An address as the column `address` has it. */
export function addressText(of: TagAddress): string {
  if (of.kind === 'opcua') return `nsu=${of.namespaceUri};${of.identifier}`;
  const bit = of.bit === null ? '' : `.${of.bit}`;
  return `${of.unitId}/${of.area}/${of.register}${bit}`;
}
