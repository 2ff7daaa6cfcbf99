import type { CommandName } from '../../plc/link/contract.ts';
import { COMMAND_NAMES } from '../../plc/link/contract.ts';
import type { Role } from '../contract/rest.ts';
import { ROLES } from '../contract/rest.ts';

/**
 * Who may pass a door.
 * - `anyone`: no session is asked for.
 * - `signed-in`: any session, even one that must change its one-time password first.
 * - a list of roles: a session of one of them whose password is its own.
 * - `controller` / `server`: never a person; the peer that proved itself with the key of `/link`.
 */
export type Who = 'anyone' | 'signed-in' | 'controller' | 'server' | readonly Role[];

const VIEW: readonly Role[] = ROLES;
const RUN: readonly Role[] = ['operator', 'engineer', 'administrator'];
const ENGINEER: readonly Role[] = ['engineer', 'administrator'];
const DEVICE: readonly Role[] = ['engineer', 'maintenance', 'administrator'];
/** Who writes recipes, and who approves what another one wrote. */
const RECIPES: readonly Role[] = ['engineer', 'quality', 'administrator'];
const TRUCK: readonly Role[] = ['operator', 'engineer', 'quality', 'administrator'];
const RUN_OR_QUALITY: readonly Role[] = [...RUN, 'quality'];
const QUALITY: readonly Role[] = ['quality', 'administrator'];
const ADMINISTRATOR: readonly Role[] = ['administrator'];

/** Commands of people. The door of a command is its name. */
const COMMAND_DOORS: Readonly<Record<CommandName, Who>> = {
  // Only POST /api/orders makes orders, from a released formula: nobody hands in one of his own.
  'order.submit': [],
  'order.start': RUN,
  'order.hold': RUN,
  // What was held by a restart is resumed by an engineer (DESIGN 3.4), and a hold has one way back.
  'order.resume': ENGINEER,
  'order.stop': RUN,
  'order.abort': RUN,
  'order.remove': RUN,
  'order.pause': RUN,
  'order.reset': RUN,
  'batch.pause': RUN,
  'batch.resume': ENGINEER,
  'batch.hold': RUN,
  'batch.stop': RUN,
  'batch.abort': RUN,
  'phase.pause': RUN,
  'phase.resume': ENGINEER,
  'phase.hold': RUN,
  'phase.restart': ENGINEER,
  'phase.stop': RUN,
  'phase.abort': RUN,
  'phase.skip': ENGINEER,
  'dose.decide': ENGINEER,
  'hand-add.scan': RUN,
  'hand-add.confirm': RUN,
  'device.start': DEVICE,
  'device.stop': DEVICE,
  'device.open': DEVICE,
  'device.close': DEVICE,
  'device.position': DEVICE,
  'device.jog': DEVICE,
  'device.mode': DEVICE,
  'device.reset': DEVICE,
  'device.out-of-service': DEVICE,
  'route.start': RUN,
  'route.cancel': RUN,
  'route.change': RUN,
  // Whoever says that a way is clean answers for the next feed that goes over it.
  'route.cleaned': ENGINEER,
  'route.stop': RUN,
  'route.reset': DEVICE,
  'press.reset': DEVICE,
  // A cooler that burnt is given free by an engineer (DOMAIN 4).
  'cooler.fire-out': ENGINEER,
  'bagger.start': RUN,
  'bagger.stop': RUN,
  'bagger.hold': RUN,
  'bagger.unhold': RUN,
  'bagger.abort': RUN,
  'bagger.clear': RUN,
  'bagger.reset': RUN,
  'load.start': RUN,
  'load.stop': RUN,
  'load.hold': RUN,
  // What stopped amid a load is looked at before it goes on.
  'load.resume': RUN,
  'truck.book': TRUCK,
  'truck.arrive': TRUCK,
  'truck.sample': ['engineer', 'quality', 'administrator'],
  'truck.weigh': RUN,
  'truck.permit': RUN,
  'truck.unload': RUN,
  'truck.cancel': RUN,
  'pit.resume': ENGINEER,
  'stock.receive': RUN,
  'stock.correct': ['engineer', 'quality', 'administrator'],
  'lot.quarantine': QUALITY,
  'dump.start': RUN,
  'dump.scan-lot': RUN,
  'dump.tipped': RUN,
  'dump.stop': RUN,
  'dump.resume': ENGINEER,
  // Whoever moves stock from bin to bin answers for what lies where.
  'transfer.start': ENGINEER,
  'transfer.stop': RUN,
  'transfer.resume': ENGINEER,
  // Medicated feed leaves the mill by quality's word alone (21 CFR 225).
  'bin.release': QUALITY,
  'bin.hold': [...RUN, 'quality'],
  'bin.cleaned': [...RUN, 'quality'],
  'alarm.acknowledge': ['operator', 'engineer', 'maintenance', 'administrator'],
};

/** Who may be the second of the two persons that release a drug out of tolerance. */
export const SECOND_RELEASERS: readonly Role[] = ['quality', 'engineer', 'administrator'];

/** Commands that are signed for: who sends them gives his password again (21 CFR 11.200). */
export const SIGNED_COMMANDS: ReadonlySet<string> = new Set<CommandName>(['phase.skip']);

/** REST routes and pages: each route of the table in server/api names one of these. */
const REST_DOORS = {
  'page.read': 'anyone',
  'health.read': 'anyone',
  'ready.read': 'anyone',
  'metrics.read': 'anyone',
  'api.read': 'anyone',
  'session.open': 'anyone',
  'session.read': 'signed-in',
  'session.close': 'signed-in',
  'session.password': 'signed-in',
  'users.read': ADMINISTRATOR,
  'users.create': ADMINISTRATOR,
  'users.change': ADMINISTRATOR,
  'users.reset-password': ADMINISTRATOR,
  'users.sessions': ADMINISTRATOR,
  'users.end-sessions': ADMINISTRATOR,
  'mill.read': VIEW,
  'tags.read': VIEW,
  'links.read': VIEW,
  'storage.read': VIEW,
  'dosing.read': VIEW,
  'why.read': VIEW,
  'history.read': VIEW,
  'formulas.read': VIEW,
  'orders.read': VIEW,
  'orders.create': RUN,
  'recipes.read': VIEW,
  'recipes.write': RECIPES,
  'recipes.approve': RECIPES,
  'plan.read': VIEW,
  'plan.write': RUN,
  'plan.release': RUN,
  'batches.read': VIEW,
  'labels.read': RUN_OR_QUALITY,
  'stock.read': VIEW,
  'trucks.read': VIEW,
  'drugs.read': VIEW,
  'drugs.enter': QUALITY,
  'drugs.reconcile': QUALITY,
  // Who confirms is another person than who reconciled: the desk sees to that.
  'drugs.confirm': ['quality', 'engineer', 'manager', 'administrator'],
  // Each command has a door of its own, where a refusal is written down too.
  'commands.send': VIEW,
  'alarms.read': VIEW,
  'reports.read': ['operator', 'engineer', 'quality', 'manager', 'administrator'],
  'audit.read': ['manager', 'administrator'],
} as const satisfies Readonly<Record<string, Who>>;

/** Events of `/live`, both ways: what a client may ask, and what it may be told. */
const LIVE_DOORS = {
  'live.connect': VIEW,
  'live.subscribe': VIEW,
  'live.unsubscribe': VIEW,
  'live.snapshot': VIEW,
  'live.command': REST_DOORS['commands.send'],
  'live.frame': VIEW,
  'live.alarms': VIEW,
  'live.status': VIEW,
  'live.link': VIEW,
  'live.ended': 'signed-in',
} as const satisfies Readonly<Record<string, Who>>;

/**
 * Messages of `/link`, by the end that may send them. The namespace lives in the controller only.
 */
const LINK_DOORS = {
  'link.connect': 'server',
  'link.command': 'server',
  'link.health': 'server',
  'link.hello': 'controller',
  'link.frame': 'controller',
  'link.alarms': 'controller',
  'link.status': 'controller',
  'link.rows': 'controller',
} as const satisfies Readonly<Record<string, Who>>;

export type Door =
  | CommandName
  | keyof typeof REST_DOORS
  | keyof typeof LIVE_DOORS
  | keyof typeof LINK_DOORS;

/**
 * THE policy: every door of the system and who may pass it. A door that is not here does not open.
 */
export const POLICY: Readonly<Record<Door, Who>> = {
  ...COMMAND_DOORS,
  ...REST_DOORS,
  ...LIVE_DOORS,
  ...LINK_DOORS,
};

export const DOORS = Object.keys(POLICY) as readonly Door[];

/** Who stands at a door: nobody known, or a session. */
export interface Visitor {
  readonly role: Role;
  readonly passwordChangeRequired: boolean;
}

/** `open`, or what is missing: a session, a password of one's own, or the right role. */
export type Admission = 'open' | 'not-signed-in' | 'password-change-required' | 'not-allowed';

/** The one question that every door asks. */
export function admission(door: Door, visitor: Visitor | null): Admission {
  const who = POLICY[door];
  if (who === 'anyone') return 'open';
  if (visitor === null) return 'not-signed-in';
  if (who === 'signed-in') return 'open';
  if (who === 'controller' || who === 'server') return 'not-allowed';
  if (visitor.passwordChangeRequired) return 'password-change-required';
  return who.includes(visitor.role) ? 'open' : 'not-allowed';
}

/** Whether the peer of `/link` may send a message. */
export function mayPeerSend(peer: 'controller' | 'server', door: Door): boolean {
  return POLICY[door] === peer;
}

/**
 * The doors that open for a visitor: sent to the screen, so that it offers nothing that is
 * refused.
 */
export function openDoors(visitor: Visitor): Door[] {
  return DOORS.filter((door) => admission(door, visitor) === 'open');
}

/**
 * Commands that bring the mill to a calmer state. They must work even when the audit cannot reach
 * the database: it is then kept in the local journal and stored later (audit-journal.ts).
 */
export const CALMING_COMMANDS: ReadonlySet<string> = new Set<CommandName>([
  'order.hold',
  'order.stop',
  'order.abort',
  'order.pause',
  'batch.pause',
  'batch.hold',
  'batch.stop',
  'batch.abort',
  'phase.pause',
  'phase.hold',
  'phase.stop',
  'phase.abort',
  'device.stop',
  'device.close',
  'route.stop',
  'bagger.hold',
  'bagger.stop',
  'bagger.abort',
  'load.hold',
  'load.stop',
  'transfer.stop',
  'dump.stop',
  'alarm.acknowledge',
]);

/** Whether a name is one of the commands of people. */
export function isCommandName(name: string): name is CommandName {
  return (COMMAND_NAMES as readonly string[]).includes(name);
}
