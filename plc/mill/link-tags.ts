import type { TagDefinition } from '../model/tag.ts';
import type { Text } from '../model/text.ts';
import type { MillDefinition } from './definition.ts';
import { derivedTag } from './derived-tag.ts';
import { text } from './tag-shorthand.ts';

/** A Modbus unit that tags of the mill live on. */
export interface ModbusUnit {
  readonly connection: string;
  readonly unitId: number;
}

/** A connection of the mill, or (`unitId`) one Modbus unit behind it: what has a health. */
export interface LinkPoint {
  readonly connection: string;
  readonly unitId: number | null;
  readonly kind: 'opcua' | 'modbus' | 'unit';
  readonly text: Text;
}

/** All of a mill: each connection, followed by its units. */
export function linkPoints(
  { connections }: Pick<MillDefinition, 'connections'>,
  units: readonly ModbusUnit[],
): LinkPoint[] {
  return connections.flatMap(({ id, kind, text: words }): LinkPoint[] => [
    { connection: id, unitId: null, kind, text: words },
    ...units
      .filter(({ connection }) => connection === id)
      .map(
        ({ unitId }): LinkPoint => ({
          connection: id,
          unitId,
          kind: 'unit',
          text: text(`${words.vi}, trạm ${unitId}`, `${words.en}, unit ${unitId}`),
        }),
      ),
  ]);
}

type Form = Parameters<typeof derivedTag>[3];

interface LinkRole {
  readonly text: Text;
  readonly of: readonly LinkPoint['kind'][];
  readonly form: Form;
}

const ALL = ['opcua', 'modbus', 'unit'] as const;
const COUNT: Form = { dataType: 'uint32', unit: 'pcs', range: { low: 0, high: 4_294_967_295 } };

function measured(unit: TagDefinition['unit'], high: number, deadband: number): Form {
  return { dataType: 'float', unit, range: { low: 0, high }, deadband };
}

/** What is known of a link beside whether it answers; each only where it has a meaning. */
const LINK_ROLES = {
  UptimeS: {
    text: text('thời gian kết nối', 'time since it came up'),
    of: ALL,
    form: { ...COUNT, unit: 's', deadband: 3_600 },
  },
  RequestsPerS: {
    text: text('số yêu cầu mỗi giây', 'requests a second'),
    of: ALL,
    form: measured('1/s', 1_000, 5),
  },
  RoundTripP50Ms: {
    text: text('thời gian trả lời, trung vị', 'round trip, median'),
    of: ALL,
    form: measured('ms', 1_000, 5),
  },
  RoundTripP99Ms: {
    text: text('thời gian trả lời, 99 %', 'round trip, 99 %'),
    of: ALL,
    form: measured('ms', 5_000, 20),
  },
  LateReplies: { text: text('số lần trả lời trễ', 'late replies'), of: ALL, form: COUNT },
  LatePerMin: {
    text: text('số lần trả lời trễ trong một phút', 'late replies within a minute'),
    of: ALL,
    form: measured('1/min', 1_000, 1),
  },
  Overruns: {
    text: text('số chu kỳ bị bỏ qua', 'scans left out'),
    of: ['opcua', 'modbus'],
    form: COUNT,
  },
  Overflows: {
    text: text('số giá trị bị tràn hàng đợi', 'values that overflowed'),
    of: ['opcua'],
    form: COUNT,
  },
  Reconnects: {
    text: text('số lần nối lại', 'reconnects'),
    of: ['opcua', 'modbus'],
    form: COUNT,
  },
  ServerRestarts: {
    text: text('số lần máy chủ khởi động lại', 'restarts of the server'),
    of: ['opcua'],
    form: COUNT,
  },
  SkewMs: {
    text: text('lệch đồng hồ', 'clock skew'),
    of: ['opcua'],
    form: { dataType: 'double', unit: 'ms', range: { low: -1e9, high: 1e9 }, deadband: 100 },
  },
  Unmonitored: {
    text: text('số tín hiệu không đọc được', 'tags not delivered'),
    of: ['opcua', 'unit'],
    form: COUNT,
  },
  Unprotected: {
    text: text('không được bảo vệ', 'unprotected'),
    of: ['opcua'],
    form: { dataType: 'bool' },
  },
  CertificateDays: {
    text: text('số ngày chứng thư còn hiệu lực', 'days until the certificate ends'),
    of: ['opcua'],
    form: { dataType: 'int32', unit: 'd', range: { low: -36_500, high: 36_500 } },
  },
} as const satisfies Readonly<Record<string, LinkRole>>;

export type LinkRoleName = keyof typeof LINK_ROLES;

/** Name of a tag of a link: `LINK.<connection>.<role>` or `LINK.<connection>.U<unit>.<role>`. */
export function linkTagName(
  connection: string,
  unitId: number | null,
  role: LinkRoleName | 'Online',
): string {
  return unitId === null ? `LINK.${connection}.${role}` : `LINK.${connection}.U${unitId}.${role}`;
}

/** Whether a link has a role, e.g. no Modbus device tells the time. */
export function hasLinkRole(kind: LinkPoint['kind'], role: LinkRoleName): boolean {
  const { of }: LinkRole = LINK_ROLES[role];
  return of.includes(kind);
}

/** The tags of one link, `Online` first. */
export function linkTags(point: LinkPoint): TagDefinition[] {
  const { connection, unitId, kind } = point;
  const name = (role: LinkRoleName | 'Online') => linkTagName(connection, unitId, role);
  return [
    { ...derivedTag('', 'Online', point.text, { dataType: 'bool' }), name: name('Online') },
    ...Object.entries(LINK_ROLES)
      .filter(([role]) => hasLinkRole(kind, role as LinkRoleName))
      .map(([role, one]): TagDefinition => {
        const words = text(`${point.text.vi}: ${one.text.vi}`, `${point.text.en}: ${one.text.en}`);
        return { ...derivedTag('', role, words, one.form), name: name(role as LinkRoleName) };
      }),
  ];
}
