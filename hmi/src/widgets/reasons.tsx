import { For, type JSX, Show } from 'solid-js';
import type { Problem } from '../../../server/contract/rest.ts';
import { formatNumber } from '../i18n/format.ts';
import { fill, language, say, t, tOr } from '../i18n/language.ts';
import { RestError } from '../live/rest.ts';
import { alarmMeta, deviceOf, materialOf, mill, millOrNull, tagMeta } from '../state/mill.ts';
import { ownerText } from '../state/owner-text.ts';
import { commandWord, stateWord } from '../state/reason-words.ts';

interface ReasonLike {
  readonly code: string;
  readonly objects: Readonly<Record<string, string | number>>;
}

/** Words of this system in a reason, by the name of the object: what the word is a kind of. */
function wordText(name: string, of: string, reason: ReasonLike): string | null {
  const machine = String(reason.objects['object'] ?? '');
  if (name === 'state') return stateWord(machine, of);
  if (name === 'command') return commandWord(machine, of);
  const known = name === 'quality' || name === 'role' ? tOr(`${name}.${of}`, '') : '';
  return known === '' ? null : known;
}

/** Grams count in a small number, and nobody reads them in a large one. */
function numberText(of: number): string {
  if (Number.isInteger(of)) return formatNumber(of);
  return formatNumber(of, Math.abs(of) < 1 ? 3 : Math.abs(of) < 100 ? 2 : 1);
}

/**
 * An object of a reason as people call it: a device or tag with its name, a material by its name.
 */
function objectText(of: string | number): string {
  if (typeof of === 'number') return numberText(of);
  if (millOrNull() === null) return of;
  const device = deviceOf(of);
  if (device !== undefined) return `${of} (${say(device.text)})`;
  const tag = tagMeta(of);
  if (tag !== undefined) return `${of} (${say(tag.text)})`;
  const alarm = alarmMeta(of);
  if (alarm !== undefined) return `${of} (${say(alarm.text)})`;
  const material = materialOf(of);
  return material === undefined ? ownerText(of) : say(material.text);
}

/** A reason in the chosen language; the bare code where the mill has no text for it. */
export function reasonText(of: ReasonLike): string {
  const text = millOrNull() === null ? undefined : mill().reasonTexts[of.code];
  if (text === undefined) return of.code;
  const objects = Object.fromEntries(
    Object.entries(of.objects).map(([name, object]) => [
      // A text that came in both languages is read in the chosen one.
      name.replace(`.${language()}`, ''),
      wordText(name, String(object), of) ?? objectText(object),
    ]),
  );
  return fill(say(text), objects);
}

export function Reasons(props: { list: readonly ReasonLike[] }): JSX.Element {
  return (
    <Show when={props.list.length > 0}>
      <ul class="reasons">
        <For each={props.list}>{(reason) => <li>{reasonText(reason)}</li>}</For>
      </ul>
    </Show>
  );
}

/** What a failed request says to the person who made it. */
export function problemOf(cause: unknown): Problem {
  if (cause instanceof RestError) return cause.problem;
  return { type: 'about:blank', title: String(cause), status: 0 };
}

/** A failed request: what, why, and each fault or reason that the server gave. */
export function ProblemNote(props: { cause: unknown }): JSX.Element {
  const problem = () => problemOf(props.cause);
  return (
    <div class="note note-bad" role="alert">
      <strong>{problem().status === 0 ? t('app.noServer') : t('app.failed')}</strong>
      <Show when={problem().reasons === undefined && problem().status !== 0}>
        <p>{problem().detail ?? problem().title}</p>
      </Show>
      <Reasons list={problem().reasons ?? []} />
      <For each={problem().faults ?? []}>
        {(fault) => (
          <p>
            {fault.path}: {fault.message}
          </p>
        )}
      </For>
    </div>
  );
}
