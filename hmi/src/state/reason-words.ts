import {
  MIXER_PHASES,
  PRESS_PHASES,
  PROCEDURE_STATE_TEXTS,
  PROCEDURE_STATES,
  ROUTE_STATES,
} from '../../../server/contract/states.ts';
import { say, t, tOr } from '../i18n/language.ts';
import { routeStateTag, stateNamesOf } from './look.ts';
import { deviceOf, mill, tagMeta } from './mill.ts';

/** A state tag with the names of its states, in the order of their codes. */
type StateTag = readonly [tag: string, names: readonly string[]];

const PHASES: Readonly<Record<string, readonly string[]>> = {
  mixer: MIXER_PHASES,
  press: PRESS_PHASES,
};

/** A unit on top of a device bears its id: `PM701:unit` is of PM701. */
function deviceIdOf(machine: string): string {
  return machine.split(':')[0] ?? machine;
}

function stateTagsOf(machine: string): readonly StateTag[] {
  const device = deviceOf(deviceIdOf(machine));
  if (device !== undefined) {
    return [
      [`${device.id}.State`, stateNamesOf(device)],
      [`${device.id}.Phase`, PHASES[device.type] ?? []],
    ];
  }
  if (isRoute(machine)) return [[routeStateTag(machine), ROUTE_STATES]];
  return [[`${machine}.State`, PROCEDURE_STATES]];
}

function isRoute(id: string): boolean {
  return mill().routes.some((route) => route.id === id);
}

/** The name of a machine's or order's state as its own tag calls it on the screen. */
export function stateWord(machine: string, state: string): string {
  for (const [tag, names] of stateTagsOf(machine)) {
    const code = names.indexOf(state);
    const text = code < 0 ? undefined : tagMeta(tag)?.states?.[String(code)];
    if (text !== undefined) return say(text);
  }
  if (state === 'Queued') return t('order.Queued');
  const texts: Readonly<Record<string, { vi: string; en: string }>> = PROCEDURE_STATE_TEXTS;
  const text = texts[state];
  return text === undefined ? state : say(text);
}

function commandKinds(machine: string): readonly string[] {
  const device = deviceOf(deviceIdOf(machine));
  if (device?.type === 'bagger') return ['bagger'];
  if (device?.type === 'scale') return ['dose'];
  if (device !== undefined) return machine.includes(':') ? ['press', 'device'] : ['device'];
  return [isRoute(machine) ? 'route' : 'order'];
}

/** A command (`route.start`) or the event that it becomes (`START`) as its button calls it. */
export function commandWord(machine: string, command: string): string {
  const verb = command.toLowerCase().replaceAll('_', '-');
  for (const name of [verb, ...commandKinds(machine).map((kind) => `${kind}.${verb}`)]) {
    const word = tOr(`command.${name}`, '');
    if (word !== '') return word;
  }
  return command;
}
