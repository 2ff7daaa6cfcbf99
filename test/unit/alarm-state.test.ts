/**
 * Goal: an alarm goes through the states of ISA-18.2 with its on-delay and deadband, each time
 * once.
 */
import { describe, expect, it } from 'vitest';
import {
  ALARM_NORMAL,
  type AlarmMemory,
  acknowledgeAlarm,
  conditionHolds,
  evaluateAlarm,
} from '../../plc/logic/alarm-state.ts';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import { doubt, good } from '../../plc/model/tag.ts';

function alarm(id: string) {
  const found = pilot.alarms.find((one) => one.id === id);
  if (found?.condition == null) throw new Error(`no ${id}`);
  return { definition: found, condition: found.condition };
}

const hot = alarm('PM701.ConditionerHot');

function at(memory: AlarmMemory, nowMs: number, active: boolean | null): AlarmMemory {
  return evaluateAlarm(hot.definition, memory, {
    nowMs,
    utcMs: 1_000_000 + nowMs,
    active,
    value: 96,
  });
}

describe('a hot conditioner', () => {
  it('is no alarm before its on-delay is over, nor when it was hot for less', () => {
    const { onDelayMs } = hot.condition;
    expect(at(at(ALARM_NORMAL, 0, true), onDelayMs - 1, true).occurrence).toBeNull();
    const dipped = at(at(at(ALARM_NORMAL, 0, true), 1_000, false), 2_000, true);
    expect(at(dipped, onDelayMs + 1_000, true).occurrence).toBeNull();
    expect(at(dipped, onDelayMs + 2_000, true).occurrence?.state).toBe('UnacknowledgedActive');
  });

  it('returns only past the deadband', () => {
    const limit = Number(hot.condition.limit);
    expect(conditionHolds(hot.condition, good(limit, 1), false)).toBe(false);
    expect(conditionHolds(hot.condition, good(limit, 1), true)).toBe(true);
    expect(conditionHolds(hot.condition, good(limit - hot.condition.deadband, 1), true)).toBe(
      false,
    );
  });

  it('is neither raised nor cleared by a value that is not good', () => {
    const stale = doubt(good(120, 1), 'stale');
    expect(conditionHolds(hot.condition, stale, false)).toBeNull();
    const raised = at(at(ALARM_NORMAL, 0, true), 10_000, true);
    expect(at(raised, 11_000, null)).toBe(raised);
  });

  it('is over when it was acknowledged and has returned, in either order', () => {
    const raised = at(at(ALARM_NORMAL, 0, true), 10_000, true);
    const seen = acknowledgeAlarm(raised, 'lan', 'giảm hơi', 1);
    expect(seen.occurrence).toMatchObject({ state: 'AcknowledgedActive', comment: 'giảm hơi' });
    expect(at(seen, 20_000, false).occurrence?.state).toBe('Normal');
    const returned = at(raised, 20_000, false);
    expect(returned.occurrence?.state).toBe('ReturnedUnacknowledged');
    expect(acknowledgeAlarm(returned, 'lan', '', 2).occurrence?.state).toBe('Normal');
  });

  it('that comes back before it was acknowledged goes on in the same occurrence', () => {
    const raised = at(at(ALARM_NORMAL, 0, true), 10_000, true);
    const again = at(at(at(raised, 20_000, false), 30_000, true), 40_000, true);
    expect(again.occurrence?.occurrenceId).toBe(raised.occurrence?.occurrenceId);
    expect(again.occurrence).toMatchObject({ state: 'UnacknowledgedActive', returnedTimeMs: null });
  });
});
