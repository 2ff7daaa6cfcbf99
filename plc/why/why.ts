import type { AlarmOccurrence } from '../model/alarm.ts';
import { LINK_TROUBLES } from '../model/link-trouble.ts';
import type { Reason } from '../model/reason.ts';
import { reason } from '../model/reason.ts';
import { REASON_ACTIONS } from '../model/reason-actions.ts';
import type { Text } from '../model/text.ts';
import { baseOf, causesOf, isKnown, reasonsOf } from './causes.ts';
import type { Why, WhyFacts, WhyStep } from './facts.ts';

/** A chain is read by a person: beyond these nothing more is told. */
const DEPTH_MAX = 10;
const STEPS_MAX = 40;

/** One answer being made: what has been told already is not told again. */
interface Telling {
  readonly facts: WhyFacts;
  readonly steps: WhyStep[];
  readonly told: Set<string>;
}

/** What an object is doing, by its state tag: `Phase` of a unit, `State` of all else. */
function stateOf({ mill, value }: WhyFacts, id: string): Text | null {
  const roles = id.includes(':') ? ['Phase', 'State'] : ['State', 'Phase'];
  for (const role of roles) {
    const name = `${baseOf(id)}.${role}`;
    const states = mill.tagByName.get(name)?.states ?? null;
    const now = value(name);
    if (states === null || now?.quality !== 'good' || typeof now.value !== 'number') continue;
    return states[now.value] ?? null;
  }
  return null;
}

function activeAlarms({ alarms }: WhyFacts): AlarmOccurrence[] {
  return alarms
    .filter((one) => one.returnedTimeMs === null)
    .toSorted((a, b) => a.raisedTimeMs - b.raisedTimeMs);
}

/** What to do about a root: the words of its alarm where it has one, else the reason's. */
function actionOf({ facts }: Telling, of: Reason): Text | null {
  const { tag, device } = of.objects;
  const byTag = facts.mill.alarms.find(
    (one) => one.condition !== null && one.condition.tag === tag && of.code === 'interlock.open',
  );
  if (byTag !== undefined) return byTag.action;
  const own = REASON_ACTIONS[of.code] ?? null;
  if (of.code !== 'device.faulted') return own;
  const active = new Set(activeAlarms(facts).map((one) => one.alarmId));
  const alarm = facts.mill.alarms.find((one) => one.device === device && active.has(one.id));
  return alarm?.action ?? own;
}

function tellReason(telling: Telling, object: string, why: Reason, depth: number): void {
  const { steps, told, facts } = telling;
  const key = JSON.stringify(why);
  if (told.has(key) || steps.length >= STEPS_MAX) return;
  told.add(key);
  const at = steps.length;
  const step: WhyStep = {
    depth,
    object,
    state: stateOf(facts, object),
    reason: why,
    root: false,
    action: null,
  };
  steps.push(step);
  if (depth < DEPTH_MAX) {
    for (const cause of causesOf(why, object)) tellCause(telling, cause, why, depth + 1);
  }
  if (steps.length > at + 1) return;
  steps[at] = { ...step, root: true, action: actionOf(telling, why) };
}

/** Tells what is behind a tag or an object that a reason names. */
function tellCause(telling: Telling, id: string, of: Reason, depth: number): void {
  const { facts, told } = telling;
  const tag = facts.mill.tagByName.get(id);
  if (tag !== undefined && of.code === 'input.not-good') tellSignal(telling, id, depth);
  // An interlock on what another machine does has that machine behind it.
  else if (tag !== undefined && tag.direction === 'derived')
    tellObject(telling, ownerOf(id), depth);
  else if (tag !== undefined && tag.device !== null && isMachineTag(tag.role)) {
    tellObject(telling, tag.device, depth);
  } else if (tag === undefined && !told.has(id)) tellObject(telling, id, depth);
}

/** Feedback of a drive: behind it stands the drive. */
function isMachineTag(role: string): boolean {
  return ['RunFb', 'OpenLS', 'CloseLS', 'InPos', 'SpeedPct'].includes(role);
}

function ownerOf(tag: string): string {
  return tag.split('.')[0] ?? tag;
}

function tellObject(telling: Telling, id: string, depth: number): void {
  if (telling.told.has(id) || !isKnown(telling.facts, id)) return;
  telling.told.add(id);
  for (const why of reasonsOf(telling.facts, id)) tellReason(telling, id, why, depth);
}

/** Behind a signal that is not good: its link, its unit on the link, or the signal alone. */
function tellSignal(telling: Telling, tag: string, depth: number): void {
  const { facts, steps, told } = telling;
  const address = facts.mill.tagByName.get(tag)?.address ?? null;
  if (address === null) {
    tellObject(telling, ownerOf(tag), depth);
    return;
  }
  const { connection } = address;
  const unitId = address.kind === 'modbus' ? address.unitId : null;
  const links = facts.documents.filter((one) => one.kind === 'link');
  const whole = links.find((one) => one.connection === connection && one.unitId === null);
  const unit = links.find((one) => one.connection === connection && one.unitId === unitId);
  const lost = [whole, unit].find((one) => one !== undefined && !one.online);
  const why =
    lost === undefined
      ? reason('why.signal', { tag, connection })
      : lost.unitId === null
        ? reason('why.link-lost', { connection })
        : reason('why.unit-lost', { connection, unit: lost.unitId });
  const key = JSON.stringify(why);
  if (told.has(key) || steps.length >= STEPS_MAX) return;
  told.add(key);
  const trouble = lost?.trouble ?? null;
  const action =
    trouble === null ? (REASON_ACTIONS[why.code] ?? null) : LINK_TROUBLES[trouble].action;
  steps.push({ depth, object: connection, state: null, reason: why, root: true, action });
}

/** The first alarm that is active on any object of the chain (first-out). */
function firstOut(facts: WhyFacts, steps: readonly WhyStep[]): Why['firstOut'] {
  const objects = new Set(
    steps.flatMap(({ object, reason: why }) => [
      baseOf(object),
      ...Object.values(why?.objects ?? {}).map((one) => ownerOf(String(one))),
    ]),
  );
  const first = activeAlarms(facts).find((one) => objects.has(ownerOf(one.alarmId)));
  return first === undefined ? null : { alarmId: first.alarmId, raisedTimeMs: first.raisedTimeMs };
}

/**
 * Why a device, route, unit, line or order does not go on: the chain of causes from it down to the
 * roots, each root with what to do (ISA-18.2: cause and action). Null for an id that the mill does
 * not have. A chain of one step says that nothing hinders it.
 */
export function why(facts: WhyFacts, id: string): Why | null {
  if (!isKnown(facts, id)) return null;
  const asked: WhyStep = {
    depth: 0,
    object: id,
    state: stateOf(facts, id),
    reason: null,
    root: false,
    action: null,
  };
  const telling: Telling = { facts, steps: [asked], told: new Set([id]) };
  for (const one of reasonsOf(facts, id)) tellReason(telling, id, one, 1);
  return { id, steps: telling.steps, firstOut: firstOut(facts, telling.steps) };
}

/**
 * Reasons with the causes behind them, for a record: first what the machine itself said, then the
 * rest of the chain in its order, each once, at most `limit`.
 */
export function withCauses(
  facts: WhyFacts,
  id: string,
  own: readonly Reason[],
  limit: number,
): Reason[] {
  const telling: Telling = { facts, steps: [], told: new Set([id]) };
  for (const one of own) tellReason(telling, id, one, 1);
  const chain = telling.steps.flatMap((step) => (step.reason === null ? [] : [step.reason]));
  const all = new Map([...own, ...chain].map((one) => [JSON.stringify(one), one]));
  return [...all.values()].slice(0, limit);
}
