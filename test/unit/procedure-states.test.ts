// Goal: the state model of ISA-88.01 that orders, batches and phases share: every state is reached,
// and each command in each state is either taken or not, as the standard's matrix says.
import { describe, expect, test } from 'vitest';
import type { ProcedureState } from '../../plc/model/isa88.ts';
import { PROCEDURE_STATE_TEXTS, PROCEDURE_STATES } from '../../plc/model/isa88.ts';
import type { ProcedureCommand } from '../../plc/model/procedure.ts';
import {
  afterCommand,
  afterDone,
  commandsIn,
  PROCEDURE_COMMANDS,
} from '../../plc/model/procedure.ts';

/** ISA-88.01 (IEC 61512-1), example state transition matrix: what each state takes. */
const TAKEN: Readonly<Record<ProcedureState, readonly ProcedureCommand[]>> = {
  Idle: ['START'],
  Running: ['PAUSE', 'HOLD', 'STOP', 'ABORT'],
  Pausing: ['HOLD', 'STOP', 'ABORT'],
  Paused: ['RESUME', 'HOLD', 'STOP', 'ABORT'],
  Holding: ['STOP', 'ABORT'],
  Held: ['RESUME', 'RESTART', 'STOP', 'ABORT'],
  Restarting: ['HOLD', 'STOP', 'ABORT'],
  Stopping: ['ABORT'],
  Stopped: ['RESET'],
  Aborting: [],
  Aborted: ['RESET'],
  Complete: ['RESET'],
};

describe('ISA-88 state model', () => {
  test.each(PROCEDURE_STATES)('%s takes these commands and no other', (state) => {
    expect(commandsIn(state)).toEqual(
      PROCEDURE_COMMANDS.filter((one) => TAKEN[state].includes(one)),
    );
  });

  test('every state is reached from Idle by commands and by what is done', () => {
    const reached = new Set<ProcedureState>(['Idle']);
    for (const state of reached) {
      reached.add(afterDone(state));
      for (const command of PROCEDURE_COMMANDS) {
        const next = afterCommand(state, command);
        if (next !== null) reached.add(next);
      }
    }
    expect([...reached].sort()).toEqual([...PROCEDURE_STATES].sort());
  });

  test('an acting state comes to its end, and a waiting one stays', () => {
    expect(PROCEDURE_STATES.map((state) => [state, afterDone(state)])).toEqual([
      ['Idle', 'Idle'],
      ['Running', 'Complete'],
      ['Pausing', 'Paused'],
      ['Paused', 'Paused'],
      ['Holding', 'Held'],
      ['Held', 'Held'],
      ['Restarting', 'Running'],
      ['Stopping', 'Stopped'],
      ['Stopped', 'Stopped'],
      ['Aborting', 'Aborted'],
      ['Aborted', 'Aborted'],
      ['Complete', 'Complete'],
    ]);
  });

  test('every state has a word in both languages', () => {
    for (const state of PROCEDURE_STATES) {
      const { vi, en } = PROCEDURE_STATE_TEXTS[state];
      expect([vi, en].every((word) => word.length > 0)).toBe(true);
    }
  });
});
