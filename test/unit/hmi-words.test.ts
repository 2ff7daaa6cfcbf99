/**
 * Goal: both languages of the screens say the same thing: same words to fill in, nothing left
 * empty.
 */
import { describe, expect, it } from 'vitest';
import { en } from '../../hmi/src/i18n/en.ts';
import { vi } from '../../hmi/src/i18n/vi.ts';
import { COMMAND_NAMES } from '../../plc/link/contract.ts';
import { ALARM_STATES } from '../../plc/model/alarm.ts';
import { QUALITIES } from '../../plc/model/quality.ts';
import { DOORS } from '../../server/auth/policy.ts';
import { ROLES } from '../../server/contract/rest.ts';

const words: Readonly<Record<string, string>> = vi;
const englishWords: Readonly<Record<string, string>> = en;

function placeholders(text: string): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map((one) => one[1] ?? '').sort();
}

describe('the words of the screens', () => {
  it('have the same objects to fill in, in both languages', () => {
    for (const [key, text] of Object.entries(words)) {
      expect(placeholders(englishWords[key] ?? ''), key).toEqual(placeholders(text));
    }
  });

  it('are never empty', () => {
    for (const [key, text] of [...Object.entries(words), ...Object.entries(englishWords)]) {
      expect(text.trim(), key).not.toBe('');
    }
  });

  it('name every command that a person can send, alarm state, quality and role', () => {
    const submitted = COMMAND_NAMES.filter((name) => name !== 'order.submit');
    const needed = [
      ...submitted.map((name) => `command.${name}`),
      ...ALARM_STATES.map((state) => `alarmState.${state}`),
      ...QUALITIES.map((quality) => `quality.${quality}`),
      ...ROLES.map((role) => `role.${role}`),
    ];
    expect(needed.filter((key) => words[key] === undefined)).toEqual([]);
  });

  it('name every change that the audit trail tells of beside commands', () => {
    // Commands have words of their own; links are of machines; the rest only reads.
    const elsewhere = new Set<string>([...COMMAND_NAMES, 'commands.send', 'users.sessions']);
    const changes = DOORS.filter(
      (door) => !elsewhere.has(door) && !/^(live|link)\.|\.read$/.test(door),
    );
    expect(changes).toContain('users.end-sessions');
    expect(changes.filter((door) => words[`door.${door}`] === undefined)).toEqual([]);
  });
});
