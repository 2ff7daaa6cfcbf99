import { branch, chain, join } from '../builders.ts';
import { defineMill } from '../define-mill.ts';
import { text } from '../tag-shorthand.ts';
import { CARRY_OVER } from './carry-over.ts';
import { dosing, MAIN_BINS, MICRO_BINS, weighing } from './pilot/dosing.ts';
import { finishing } from './pilot/finishing.ts';
import { grinding } from './pilot/grinding.ts';
import { intake, SILOS, storage } from './pilot/intake-storage.ts';
import { mixing } from './pilot/mixing.ts';
import { cooling, pelleting } from './pilot/pelleting-cooling.ts';
import { NAMESPACE } from './pilot/places.ts';
import { safety } from './pilot/utilities.ts';

const mainBins = MAIN_BINS.map(([id]) => id);
const microBins = MICRO_BINS.map(([id]) => id);
const silos = SILOS.map(([id]) => id);

/**
 * A 5 t/h pilot mill, intake to bagging: one of everything, on one OPC UA server and three Modbus
 * servers. It is small enough to read in one sitting and to drive a whole order in two minutes of
 * simulation.
 */

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
      security: 'strongest',
      identity: { kind: 'anonymous' },
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
      transport: { kind: 'tcp' as const, host: '127.0.0.1', port },
      timeoutMs: 1_000,
      gapLimit: 16,
      registersPerReadMax: 125,
      units: {},
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
  displays: [
    {
      id: 'mill',
      text: text('Toàn xưởng', 'Whole mill'),
      areas: [
        'utilities',
        'intake',
        'storage',
        'grinding',
        'dosing',
        'mixing',
        'pelleting',
        'cooling',
        'finished',
        'bagging',
      ],
    },
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
      finishedBins: ['FB901', 'FB902'],
      presses: ['PM701'],
      baggers: ['BG1001'],
      routes: {
        mixToPress: 'MIXTOPRESS',
        mixToFinished: 'MIXTOFIN',
      },
    },
  ],
  pressLines: [{ press: 'PM701', bin: 'PB701', route: 'PELLET', fines: null, coater: null }],
  baggingLines: [{ bagger: 'BG1001', bins: ['FB901', 'FB902'], route: 'BAG' }],
  carryOver: CARRY_OVER,
  refills: ['DB401', 'DB402', 'DB403', 'DB404'].map((id) => ({
    id,
    route: 'GRIND',
    startPct: 30,
    stopPct: 85,
  })),
  plainTags: [],
});
