import { device, drive } from '../../plc/mill/builders.ts';
import { defineMill } from '../../plc/mill/define-mill.ts';
import type { FlowDefinition, Mill } from '../../plc/mill/definition.ts';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import { text } from '../../plc/mill/tag-shorthand.ts';

function name(id: string) {
  return text(`Thiết bị ${id}`, `Device ${id}`);
}

function place(area: string, x: number) {
  return { area, connection: 'field', at: [x, 750] as const };
}

const EXTRA = [
  device('weighbridge', 'WB1', name('WB1'), place('intake', 20), {
    capacityKg: 80_000,
    divisionKg: 20,
  }),
  device('handAdd', 'HA1', name('HA1'), place('mixing', 40), { capacityKg: 50, divisionKg: 0.01 }),
  device('filter', 'FL1', name('FL1'), place('intake', 60), { fan: 'FN101', highMbar: 15 }),
  device('boiler', 'BO1', name('BO1'), place('utilities', 80), {
    steamKgPerH: 120,
    pressureBar: 8,
    lowBar: 6,
  }),
  device('compressor', 'AC1', name('AC1'), place('utilities', 100), {
    ratedKw: 15,
    pressureBar: 7,
    lowBar: 5,
  }),
  device('energyMeter', 'EM1', name('EM1'), place('intake', 120), { ratedAmps: 100 }),
  device('temperatureCable', 'TC1', name('TC1'), place('storage', 140), {
    silo: 'SI201',
    highC: 40,
  }),
  device('flowMeter', 'FM1', name('FM1'), place('cooling', 160), { pump: 'LP801', kgPerHMax: 700 }),
  device('palletiser', 'PA1', name('PA1'), place('bagging', 180), {
    bagger: 'BG1001',
    bagsPerPallet: 5,
  }),
  device('checkweigher', 'CW1', name('CW1'), place('bagging', 200), {
    bagger: 'BG1001',
    bagKg: 25,
    divisionKg: 0.01,
  }),
  device('metalDetector', 'MD1', name('MD1'), place('bagging', 220), { bagger: 'BG1001' }),
  device('gate', 'G903', name('G903'), place('finished', 240), { travelS: 3, flowTPerH: 60 }),
  device('loadOut', 'LO1', name('LO1'), place('finished', 260), {
    compartmentKgMax: 1_000,
    flowTPerH: 60,
  }),
  drive('sieve', 'SV801', name('SV801'), place('cooling', 280), {
    ratedKw: 3,
    capacityTPerH: 12,
  }),
  drive('coater', 'CT801', name('CT801'), place('cooling', 300), {
    ratedKw: 4,
    capacityTPerH: 12,
    liquidKgPerHMax: 700,
    deviationPct: 2,
    pump: null,
  }),
  drive('feeder', 'LP801', name('LP801'), place('cooling', 320), {
    ratedKw: 0.75,
    hzMax: 60,
    coarseHz: 50,
    fineHz: 5,
    kgPerHourPerHz: 5,
  }),
];

/** Pellets pass the sieve and the coater on their way from the leg to the finished bins. */
function flows(): FlowDefinition[] {
  const kept = pilot.flows.filter(({ from, to }) => !(from === 'EL801' && to === 'DS801'));
  const more: readonly (readonly [string, string])[] = [
    ['EL801', 'SV801'],
    ['SV801', 'CT801'],
    ['SV801', 'PB701'],
    ['CT801', 'DS801'],
    ['LT421', 'LP801'],
    ['LP801', 'CT801'],
    ['FB902', 'G903'],
    ['G903', 'LO1'],
    ['HA1', 'MX601'],
  ];
  return [...kept, ...more.map(([from, to]) => ({ from, to, port: null }))];
}

/** The pilot mill with one of each device that only a full-size mill has. */
export function furnishedPilot(): Mill {
  const { tags: _tags, alarms: _alarms, tagByName: _names, deviceById: _ids, ...mill } = pilot;
  return defineMill({
    ...mill,
    devices: [...pilot.devices, ...EXTRA],
    flows: flows(),
    routes: [],
    lines: [],
    pressLines: [],
    baggingLines: [],
    refills: [],
    carryOver: [],
  });
}
