import { branch, chain, device, drive, join } from '../../builders.ts';
import type { DeviceDefinition, FlowDefinition } from '../../definition.ts';
import { text } from '../../tag-shorthand.ts';
import { scaleIds } from './dosing.ts';
import { aspiration, at, bin, diverter, gate, machine, run } from './places.ts';

/** Conveyor, leg and sieve below the surge hopper, and the distributor with so many ways. */
function wayUp(area: string, line: number, x: number, ways: number): DeviceDefinition[] {
  return [
    machine(
      'conveyor',
      `CM${line}`,
      text(`Xích tải bột ${line}`, `Mash conveyor ${line}`),
      run(area, x + 230, 470),
      [15, 110, 40],
    ),
    machine(
      'elevator',
      `EM${line}`,
      text(`Gàu tải bột ${line}`, `Mash elevator ${line}`),
      run(area, x + 330, 350),
      [18.5, 110, 40],
    ),
    machine(
      'sieve',
      `SM${line}`,
      text(`Sàng kiểm tra ${line}`, `Safety sieve ${line}`),
      run(area, x + 410, 150),
      [5.5, 110, 15],
    ),
    diverter(
      `DM${line}`,
      text(`Phân phối bột ${line}`, `Mash distributor ${line}`),
      at(area, x + 410, 240),
      ways,
    ),
  ];
}

/**
 * Mixer of 6 t with its surge hopper, hatch, and the way up to presses and finished bins by a
 * distributor with so many ways.
 */
export function mixing(line: number, ways: number): DeviceDefinition[] {
  const area = `mixing${line}`;
  const x = 100 + (line - 1) * 800;
  return [
    drive(
      'mixer',
      `MX${line}`,
      text(`Máy trộn 6 t ${line}`, `Mixer 6 t ${line}`),
      run(area, x + 150, 220),
      {
        ratedKw: 75,
        capacityKg: 6_600,
        dischargeGate: `GM${line}`,
        dryMixS: 45,
        wetMixS: 60,
        dischargeS: 15,
      },
    ),
    gate(
      `GM${line}`,
      text(`Cửa xả trộn ${line}`, `Mixer gate ${line}`),
      at(area, x + 150, 290),
      1_800,
    ),
    bin(
      'surge',
      `SB${line}`,
      text(`Phễu dưới trộn ${line}`, `Surge hopper ${line}`),
      at(area, x + 150, 370),
      8_000,
    ),
    gate(
      `GU${line}`,
      text(`Cửa phễu trộn ${line}`, `Surge gate ${line}`),
      at(area, x + 150, 425),
      100,
    ),
    ...wayUp(area, line, x, ways),
    device(
      'handAdd',
      `HA${line}`,
      text(`Cửa nạp tay ${line}`, `Hand-add hatch ${line}`),
      { area, connection: `scales${line}`, at: [x + 20, 150], unitId: 7 },
      { capacityKg: 60, divisionKg: 0.01 },
    ),
    machine(
      'motor',
      `MB${line}`,
      text(`Quạt chèn trục ${line}`, `Seal-air blower ${line}`),
      run(area, x + 20, 230),
      [1.5],
    ),
    ...aspiration(area, `M${line}`, [x + 60, 580], [11, 4]),
  ];
}

export function mixingFlows(line: number, mashWays: readonly string[]): FlowDefinition[] {
  return [
    ...chain(`HA${line}`, `MX${line}`),
    ...join(
      scaleIds(line).map((id) => id.replace('WS', 'GS')),
      `MX${line}`,
    ),
    ...chain(
      `MX${line}`,
      `GM${line}`,
      `SB${line}`,
      `GU${line}`,
      `CM${line}`,
      `EM${line}`,
      `SM${line}`,
      `DM${line}`,
    ),
    ...branch(`DM${line}`, ...mashWays),
  ];
}
