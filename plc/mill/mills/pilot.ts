import type { Placement } from '../builders.ts';
import { branch, chain, device, drive, is, join } from '../builders.ts';
import { defineMill } from '../define-mill.ts';
import type { DeviceDefinition } from '../definition.ts';
import { text } from '../tag-shorthand.ts';

/**
 * A 5 t/h pilot mill, intake to bagging: one of everything, on one OPC UA server and three Modbus servers.
 * It is small enough to read in one sitting and to drive a whole order in two minutes of simulation.
 */

const NAMESPACE = 'urn:feed-mill:field';

/** A place on the OPC UA server. Every drive there stops on its area's emergency stop. */
function field(area: string, x: number, y: number): Placement {
  return { area, connection: 'field', at: [x, y] };
}

function running(area: string, x: number, y: number): Placement {
  return { ...field(area, x, y), interlocks: [is('ES001.EStop', false)] };
}

/** A drive on the Modbus gateway: eight registers each, in the unit of its group. */
function vfd(area: string, x: number, y: number, unitId: number, slot: number): Placement {
  return {
    area,
    connection: 'drives',
    at: [x, y],
    unitId,
    registerBase: slot * 8,
    interlocks: [is('ES001.EStop', false)],
  };
}

const safety: DeviceDefinition[] = [
  device(
    'safety',
    'ES001',
    text('Dừng khẩn và còi', 'E-stop and horn'),
    field('utilities', 60, 40),
    {},
  ),
  device(
    'heartbeat',
    'PLCFIELD',
    text('Tủ điều khiển chính', 'Main field controller'),
    field('utilities', 140, 40),
    { timeoutS: 3 },
  ),
  device(
    'heartbeat',
    'PLCSCALES',
    text('Tủ cân', 'Weighing controller'),
    { area: 'utilities', connection: 'scales', at: [200, 40], unitId: 1, registerBase: 100 },
    { timeoutS: 3 },
  ),
  device(
    'heartbeat',
    'PLCDRIVES',
    text('Tủ biến tần', 'Drive gateway'),
    { area: 'utilities', connection: 'drives', at: [260, 40], unitId: 1, registerBase: 100 },
    { timeoutS: 3 },
  ),
  device(
    'heartbeat',
    'PLCBAG',
    text('Tủ đóng bao', 'Bagging controller'),
    { area: 'utilities', connection: 'bagging', at: [320, 40], unitId: 1, registerBase: 100 },
    { timeoutS: 3 },
  ),
];

const intake: DeviceDefinition[] = [
  device('bin', 'PIT101', text('Hố nạp', 'Tipping pit'), field('intake', 60, 610), {
    kind: 'pit',
    capacityKg: 8_000,
    highPct: 90,
    lowPct: 2,
    material: null,
    lot: null,
    initialKg: 0,
  }),
  device('gate', 'G101', text('Cửa hố nạp', 'Pit gate'), field('intake', 60, 680), {
    travelS: 4,
    flowTPerH: 18,
  }),
  drive('conveyor', 'CC101', text('Xích tải nạp', 'Intake conveyor'), running('intake', 110, 740), {
    ratedKw: 5.5,
    capacityTPerH: 20,
    cleanOutS: 40,
  }),
  drive('elevator', 'EL101', text('Gàu tải nạp', 'Intake elevator'), running('intake', 170, 440), {
    ratedKw: 7.5,
    capacityTPerH: 20,
    cleanOutS: 35,
  }),
  device(
    'diverter',
    'DS101',
    text('Van chia silo', 'Silo distributor'),
    field('intake', 170, 120),
    { positions: 4, travelS: 5 },
  ),
  drive('fan', 'FN101', text('Quạt hút nạp', 'Intake aspiration'), running('intake', 60, 520), {
    ratedKw: 4,
  }),
];

const SILOS: readonly [string, string, string, number][] = [
  ['SI201', 'MAIZE', 'NGO-2611-01', 20_000],
  ['SI202', 'SBM', 'KDN-2611-01', 15_000],
  ['SI203', 'WHEAT-BRAN', 'CLM-2611-01', 10_000],
  ['SI204', 'CORN-GLUTEN', 'GLU-2611-01', 8_000],
];

const storage: DeviceDefinition[] = SILOS.flatMap(([id, material, lot, initialKg], index) => {
  const number = 201 + index;
  const x = 240 + index * 70;
  return [
    device('bin', id, text(`Silo ${number}`, `Silo ${number}`), field('storage', x, 230), {
      kind: 'silo',
      capacityKg: 30_000,
      highPct: 92,
      lowPct: 3,
      material,
      lot,
      initialKg,
    }),
    drive(
      'feeder',
      `SF${number}`,
      text(`Vít silo ${number}`, `Silo screw ${number}`),
      vfd('storage', x, 360, 3, index),
      { ratedKw: 3, hzMax: 60, coarseHz: 45, fineHz: 20, kgPerHourPerHz: 160, capacityTPerH: 9 },
    ),
  ];
});

const grinding: DeviceDefinition[] = [
  drive(
    'conveyor',
    'CC201',
    text('Xích tải silo', 'Silo conveyor'),
    running('grinding', 345, 440),
    { ratedKw: 4, capacityTPerH: 12, cleanOutS: 30 },
  ),
  device('bin', 'HB301', text('Phễu máy nghiền', 'Mill hopper'), field('grinding', 345, 520), {
    kind: 'hopper',
    capacityKg: 300,
    highPct: 80,
    lowPct: 5,
    material: null,
    lot: null,
    initialKg: 0,
  }),
  drive(
    'feeder',
    'FD301',
    text('Cấp liệu nghiền', 'Mill feeder'),
    vfd('grinding', 345, 590, 3, 4),
    { ratedKw: 1.5, hzMax: 60, coarseHz: 42, fineHz: 15, kgPerHourPerHz: 120, capacityTPerH: 7 },
  ),
  drive(
    'hammerMill',
    'HM301',
    text('Máy nghiền búa', 'Hammer mill'),
    running('grinding', 345, 670),
    {
      ratedKw: 55,
      runUpS: 40,
      cleanOutS: 60,
      startsPerHourMax: 6,
      capacityTPerH: 6,
      feeder: 'FD301',
      loadSetPct: 90,
    },
  ),
  drive('fan', 'FN301', text('Quạt hút nghiền', 'Mill aspiration'), running('grinding', 260, 670), {
    ratedKw: 7.5,
  }),
  drive(
    'elevator',
    'EL301',
    text('Gàu tải bột', 'Ground elevator'),
    running('grinding', 520, 440),
    { ratedKw: 5.5, capacityTPerH: 12, cleanOutS: 35 },
  ),
  device(
    'diverter',
    'DS301',
    text('Van chia bồn cân', 'Dosing-bin distributor'),
    field('grinding', 520, 110),
    { positions: 8, travelS: 5 },
  ),
];

const MAIN_BINS: readonly [string, string, string, number][] = [
  ['DB401', 'MAIZE', 'NGO-2611-01', 700],
  ['DB402', 'SBM', 'KDN-2611-01', 900],
  ['DB403', 'CORN-GLUTEN', 'GLU-2611-01', 600],
  ['DB404', 'WHEAT-BRAN', 'CLM-2611-01', 700],
  ['DB405', 'DCP', 'DCP-2610-07', 800],
  ['DB406', 'LIMESTONE', 'BDA-2610-03', 800],
  ['DB407', 'FISH-MEAL', 'BCA-2611-02', 800],
  ['DB408', 'RICE-BRAN', 'CGA-2611-05', 600],
];
const MICRO_BINS: readonly [string, string, string, number][] = [
  ['MB411', 'LYSINE', 'LYS-2609-11', 150],
  ['MB412', 'METHIONINE', 'MET-2609-04', 150],
  ['MB413', 'PREMIX', 'PRE-2611-01', 150],
  ['MB414', 'SALT', 'MUO-2608-02', 150],
];

const dosing: DeviceDefinition[] = [
  ...MAIN_BINS.flatMap(([id, material, lot, initialKg], index) => {
    const number = 401 + index;
    const x = 590 + index * 58;
    const large = index < 4;
    return [
      device(
        'bin',
        id,
        text(`Bồn cân ${number}`, `Dosing bin ${number}`),
        field('dosing', x, 200),
        { kind: 'dosing', capacityKg: 2_000, highPct: 90, lowPct: 4, material, lot, initialKg },
      ),
      drive(
        'feeder',
        `DF${number}`,
        text(`Vít cân ${number}`, `Dosing screw ${number}`),
        vfd('dosing', x, 300, 1, index),
        {
          ratedKw: large ? 2.2 : 1.1,
          hornS: 0,
          runUpS: 2,
          startsPerHourMax: 600,
          hzMax: 60,
          coarseHz: 50,
          fineHz: 5,
          kgPerHourPerHz: large ? 240 : 60,
          capacityTPerH: large ? 15 : 4,
        },
      ),
    ];
  }),
  ...MICRO_BINS.flatMap(([id, material, lot, initialKg], index) => {
    const number = 411 + index;
    const x = 1054 + index * 50;
    return [
      device(
        'bin',
        id,
        text(`Bồn vi lượng ${number}`, `Micro bin ${number}`),
        field('dosing', x, 200),
        { kind: 'micro', capacityKg: 300, highPct: 90, lowPct: 4, material, lot, initialKg },
      ),
      drive(
        'feeder',
        `MF${number}`,
        text(`Vít vi lượng ${number}`, `Micro screw ${number}`),
        vfd('dosing', x, 300, 2, index),
        {
          ratedKw: 0.37,
          hornS: 0,
          runUpS: 2,
          startsPerHourMax: 600,
          hzMax: 60,
          coarseHz: 50,
          fineHz: 2,
          kgPerHourPerHz: 4,
          capacityTPerH: 0.3,
        },
      ),
    ];
  }),
  device('bin', 'LT421', text('Bồn dầu', 'Oil tank'), field('dosing', 1262, 200), {
    kind: 'tank',
    capacityKg: 3_000,
    highPct: 95,
    lowPct: 5,
    material: 'SOY-OIL',
    lot: 'DAU-2611-01',
    initialKg: 2_000,
  }),
  drive('feeder', 'LP421', text('Bơm dầu', 'Oil pump'), vfd('dosing', 1262, 300, 2, 4), {
    ratedKw: 0.75,
    hornS: 0,
    runUpS: 2,
    startsPerHourMax: 600,
    hzMax: 60,
    coarseHz: 50,
    fineHz: 5,
    kgPerHourPerHz: 12,
    capacityTPerH: 0.7,
  }),
];

function scale(
  id: string,
  name: ReturnType<typeof text>,
  x: number,
  unitId: number,
  settings: Parameters<typeof device<'scale'>>[4],
): DeviceDefinition {
  return device(
    'scale',
    id,
    name,
    { area: 'dosing', connection: 'scales', at: [x, 390], unitId },
    settings,
  );
}

const weighing: DeviceDefinition[] = [
  scale('WS501', text('Cân chính 500 kg', 'Main scale 500 kg'), 793, 1, {
    capacityKg: 500,
    divisionKg: 0.1,
    minimumDivisions: 20,
    tolerancePct: 0.5,
    toleranceKg: 0.2,
    settleS: 2,
    dischargeGate: 'G501',
  }),
  scale('WS502', text('Cân vi lượng 20 kg', 'Micro scale 20 kg'), 1129, 2, {
    capacityKg: 20,
    divisionKg: 0.001,
    minimumDivisions: 50,
    tolerancePct: 0.5,
    toleranceKg: 0.01,
    settleS: 2,
    dischargeGate: 'G502',
  }),
  scale('WS503', text('Cân dầu 30 kg', 'Liquid scale 30 kg'), 1262, 3, {
    capacityKg: 30,
    divisionKg: 0.01,
    minimumDivisions: 50,
    tolerancePct: 0.5,
    toleranceKg: 0.02,
    settleS: 2,
    dischargeGate: 'G503',
  }),
  device('gate', 'G501', text('Cửa xả cân chính', 'Main scale gate'), field('dosing', 793, 450), {
    travelS: 3,
    flowTPerH: 120,
  }),
  device(
    'gate',
    'G502',
    text('Cửa xả cân vi lượng', 'Micro scale gate'),
    field('dosing', 1129, 450),
    { travelS: 3, flowTPerH: 10 },
  ),
  device('gate', 'G503', text('Van xả dầu', 'Oil valve'), field('dosing', 1262, 450), {
    travelS: 3,
    flowTPerH: 3,
  }),
];

const mixing: DeviceDefinition[] = [
  drive('mixer', 'MX601', text('Máy trộn 500 kg', 'Mixer 500 kg'), running('mixing', 960, 540), {
    ratedKw: 11,
    capacityKg: 550,
    dischargeGate: 'G601',
    dryMixS: 30,
    wetMixS: 60,
    dischargeS: 15,
  }),
  device('gate', 'G601', text('Cửa xả máy trộn', 'Mixer gate'), field('mixing', 960, 610), {
    travelS: 3,
    flowTPerH: 150,
  }),
  device('bin', 'SB601', text('Phễu dưới trộn', 'Surge hopper'), field('mixing', 960, 670), {
    kind: 'surge',
    capacityKg: 700,
    highPct: 95,
    lowPct: 1,
    material: null,
    lot: null,
    initialKg: 0,
  }),
  drive('conveyor', 'CC601', text('Vít tải mash', 'Mash conveyor'), running('mixing', 1030, 740), {
    ratedKw: 4,
    capacityTPerH: 20,
    cleanOutS: 25,
  }),
  drive('elevator', 'EL601', text('Gàu tải mash', 'Mash elevator'), running('mixing', 1090, 640), {
    ratedKw: 4,
    capacityTPerH: 20,
    cleanOutS: 35,
  }),
  device(
    'diverter',
    'DV601',
    text('Van chia ép / thành phẩm', 'Press / finished diverter'),
    field('mixing', 1090, 530),
    { positions: 2, travelS: 4 },
  ),
];

const pelleting: DeviceDefinition[] = [
  device('bin', 'PB701', text('Bồn trên máy ép', 'Press bin'), field('pelleting', 1190, 530), {
    kind: 'press',
    capacityKg: 3_000,
    highPct: 90,
    lowPct: 1,
    material: null,
    lot: null,
    initialKg: 0,
  }),
  drive('feeder', 'FD701', text('Cấp liệu ép', 'Press feeder'), vfd('pelleting', 1190, 600, 3, 5), {
    ratedKw: 1.5,
    hzMax: 60,
    coarseHz: 40,
    fineHz: 10,
    kgPerHourPerHz: 120,
    capacityTPerH: 7,
  }),
  drive('motor', 'CN701', text('Trộn hơi', 'Conditioner'), running('pelleting', 1190, 665), {
    ratedKw: 5.5,
    capacityTPerH: 8,
    cleanOutS: 30,
  }),
  drive('press', 'PM701', text('Máy ép viên', 'Pellet press'), running('pelleting', 1190, 740), {
    ratedKw: 55,
    runUpS: 15,
    cleanOutS: 20,
    startsPerHourMax: 6,
    capacityTPerH: 6,
    feeder: 'FD701',
    conditioner: 'CN701',
    loadSetPct: 88,
    conditionerHighC: 95,
  }),
];

const cooling: DeviceDefinition[] = [
  device('cooler', 'CL801', text('Máy làm nguội', 'Cooler'), field('cooling', 1290, 740), {
    fan: 'FN801',
    bedKg: 400,
    highPct: 80,
    exhaustHighC: 60,
  }),
  drive('fan', 'FN801', text('Quạt làm nguội', 'Cooler fan'), running('cooling', 1290, 640), {
    ratedKw: 15,
    cleanOutS: 120,
  }),
  drive(
    'elevator',
    'EL801',
    text('Gàu tải thành phẩm', 'Product elevator'),
    running('cooling', 1380, 460),
    { ratedKw: 4, capacityTPerH: 20, cleanOutS: 35 },
  ),
  device(
    'diverter',
    'DS801',
    text('Van chia thành phẩm', 'Product diverter'),
    field('cooling', 1380, 140),
    { positions: 2, travelS: 4 },
  ),
];

const finishing: DeviceDefinition[] = [
  ...[901, 902].flatMap((number, index) => [
    device(
      'bin',
      `FB${number}`,
      text(`Bồn thành phẩm ${number}`, `Finished bin ${number}`),
      field('finished', 1455 + index * 85, 240),
      {
        kind: 'finished',
        capacityKg: 10_000,
        highPct: 92,
        lowPct: 1,
        material: null,
        lot: null,
        initialKg: 0,
      },
    ),
    device(
      'gate',
      `G${number}`,
      text(`Cửa bồn ${number}`, `Bin gate ${number}`),
      field('finished', 1455 + index * 85, 370),
      { travelS: 3, flowTPerH: 15 },
    ),
  ]),
  device(
    'bagger',
    'BG1001',
    text('Máy đóng bao', 'Bagger'),
    { area: 'bagging', connection: 'bagging', at: [1497, 530], unitId: 1 },
    { bagKg: 25, bagsPerHour: 300, divisionKg: 0.01 },
  ),
];

const mainBins = MAIN_BINS.map(([id]) => id);
const microBins = MICRO_BINS.map(([id]) => id);
const silos = SILOS.map(([id]) => id);

export const pilot = defineMill({
  id: 'pilot',
  text: text('Xưởng thử nghiệm 5 t/h', 'Pilot mill 5 t/h'),
  timeZone: 'Asia/Ho_Chi_Minh',
  connections: [
    {
      kind: 'opcua',
      id: 'field',
      text: text('Tủ điều khiển chính', 'Main field controller'),
      endpointUrl: 'opc.tcp://127.0.0.1:4840',
      namespaceUri: NAMESPACE,
      publishingIntervalMs: 100,
    },
    ...(
      [
        ['scales', 5020, text('Bộ cân', 'Weighers')],
        ['drives', 5021, text('Biến tần', 'Drives')],
        ['bagging', 5022, text('Đóng bao', 'Bagging')],
      ] as const
    ).map(([id, port, name]) => ({
      kind: 'modbus' as const,
      id,
      text: name,
      host: '127.0.0.1',
      port,
      timeoutMs: 1_000,
      pollIntervalMs: 100,
      gapLimit: 16,
      registersPerReadMax: 125,
    })),
  ],
  areas: [
    { id: 'utilities', text: text('Phụ trợ', 'Utilities') },
    { id: 'intake', text: text('Nạp liệu', 'Intake') },
    { id: 'storage', text: text('Silo', 'Storage') },
    { id: 'grinding', text: text('Nghiền', 'Grinding') },
    { id: 'dosing', text: text('Cân định lượng', 'Dosing') },
    { id: 'mixing', text: text('Trộn', 'Mixing') },
    { id: 'pelleting', text: text('Ép viên', 'Pelleting') },
    { id: 'cooling', text: text('Làm nguội', 'Cooling') },
    { id: 'finished', text: text('Thành phẩm', 'Finished product') },
    { id: 'bagging', text: text('Đóng bao', 'Bagging') },
  ],
  materials: [
    { code: 'MAIZE', text: text('Ngô', 'Maize') },
    { code: 'SBM', text: text('Khô đậu nành', 'Soybean meal') },
    { code: 'CORN-GLUTEN', text: text('Gluten ngô', 'Corn gluten') },
    { code: 'WHEAT-BRAN', text: text('Cám mì', 'Wheat bran') },
    { code: 'DCP', text: text('DCP', 'DCP') },
    { code: 'LIMESTONE', text: text('Bột đá', 'Limestone') },
    { code: 'FISH-MEAL', text: text('Bột cá', 'Fish meal') },
    { code: 'RICE-BRAN', text: text('Cám gạo', 'Rice bran') },
    { code: 'LYSINE', text: text('Lysine', 'L-lysine') },
    { code: 'METHIONINE', text: text('Methionine', 'DL-methionine') },
    { code: 'PREMIX', text: text('Premix', 'Premix') },
    { code: 'SALT', text: text('Muối', 'Salt') },
    { code: 'SOY-OIL', text: text('Dầu đậu nành', 'Soybean oil') },
  ],
  devices: [
    ...safety,
    ...intake,
    ...storage,
    ...grinding,
    ...dosing,
    ...weighing,
    ...mixing,
    ...pelleting,
    ...cooling,
    ...finishing,
  ],
  flows: [
    ...chain('PIT101', 'G101', 'CC101', 'EL101', 'DS101'),
    ...branch('DS101', ...silos),
    ...silos.flatMap((silo) => chain(silo, silo.replace('SI', 'SF'), 'CC201')),
    ...chain('CC201', 'HB301', 'FD301', 'HM301', 'EL301', 'DS301'),
    ...branch('DS301', ...mainBins),
    ...mainBins.flatMap((bin) => chain(bin, bin.replace('DB', 'DF'), 'WS501')),
    ...microBins.flatMap((bin) => chain(bin, bin.replace('MB', 'MF'), 'WS502')),
    ...chain('LT421', 'LP421', 'WS503', 'G503'),
    ...chain('WS501', 'G501'),
    ...chain('WS502', 'G502'),
    ...join(['G501', 'G502', 'G503'], 'MX601'),
    ...chain('MX601', 'G601', 'SB601', 'CC601', 'EL601', 'DV601'),
    ...branch('DV601', 'PB701', 'EL801'),
    ...chain('PB701', 'FD701', 'CN701', 'PM701', 'CL801', 'EL801', 'DS801'),
    ...branch('DS801', 'FB901', 'FB902'),
    ...chain('FB901', 'G901', 'BG1001'),
    ...chain('FB902', 'G902', 'BG1001'),
  ],
  routes: [
    {
      id: 'INTAKE',
      text: text('Tuyến nạp liệu', 'Intake route'),
      sources: ['PIT101'],
      destinations: silos,
      aspiration: ['FN101'],
      aspirationRunOnS: 60,
    },
    {
      id: 'GRIND',
      text: text('Tuyến nghiền', 'Grinding route'),
      sources: silos,
      destinations: mainBins,
      aspiration: ['FN301'],
      aspirationRunOnS: 60,
    },
    {
      id: 'MIXTOPRESS',
      text: text('Tuyến mash lên ép', 'Mash to press'),
      sources: ['SB601'],
      destinations: ['PB701'],
      aspiration: [],
      aspirationRunOnS: 0,
    },
    {
      id: 'MIXTOFIN',
      text: text('Tuyến mash thành phẩm', 'Mash to finished bins'),
      sources: ['SB601'],
      destinations: ['FB901', 'FB902'],
      aspiration: [],
      aspirationRunOnS: 0,
    },
    {
      id: 'PELLET',
      text: text('Tuyến ép viên', 'Pelleting route'),
      sources: ['PB701'],
      destinations: ['FB901', 'FB902'],
      aspiration: ['FN801'],
      aspirationRunOnS: 120,
    },
    {
      id: 'BAG',
      text: text('Tuyến đóng bao', 'Bagging route'),
      sources: ['FB901', 'FB902'],
      destinations: ['BG1001'],
      aspiration: [],
      aspirationRunOnS: 0,
    },
  ],
  lines: [
    {
      id: 'LINE1',
      text: text('Dây chuyền 1', 'Line 1'),
      scales: ['WS501', 'WS502', 'WS503'],
      mixer: 'MX601',
      surge: 'SB601',
      pressBin: 'PB701',
      press: 'PM701',
      cooler: 'CL801',
      finishedBins: ['FB901', 'FB902'],
      bagger: 'BG1001',
      routes: {
        mixToPress: 'MIXTOPRESS',
        mixToFinished: 'MIXTOFIN',
        press: 'PELLET',
        bagging: 'BAG',
      },
    },
  ],
  refills: ['DB401', 'DB402', 'DB403', 'DB404'].map((id) => ({
    id,
    route: 'GRIND',
    startPct: 30,
    stopPct: 85,
  })),
  plainTags: [],
});
