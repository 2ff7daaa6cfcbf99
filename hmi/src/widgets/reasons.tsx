import { For, type JSX, Show } from 'solid-js';
import type { Problem } from '../../../server/contract/rest.ts';
import { PROCEDURE_STATE_TEXTS } from '../../../server/contract/states.ts';
import { formatNumber } from '../i18n/format.ts';
import { fill, say, t, tOr } from '../i18n/language.ts';
import { RestError } from '../live/rest.ts';
import { alarmMeta, deviceOf, materialOf, mill, millOrNull, tagMeta } from '../state/mill.ts';

interface ReasonLike {
  readonly code: string;
  readonly objects: Readonly<Record<string, string | number>>;
}

/** Words of this system in a reason, by the name of the object: what the word is a kind of. */
function wordText(name: string, of: string): string | null {
  if (name === 'state') {
    const texts: Readonly<Record<string, { vi: string; en: string }>> = PROCEDURE_STATE_TEXTS;
    const text = texts[of];
    return text === undefined ? null : say(text);
  }
  const known = ['quality', 'role', 'command'].includes(name) ? tOr(`${name}.${of}`, '') : '';
  return known === '' ? null : known;
}

/**
 * An object of a reason as people call it: a device or tag with its name, a material by its name.
 */
function objectText(of: string | number): string {
  if (typeof of === 'number') return formatNumber(of, Number.isInteger(of) ? 0 : 2);
  const device = deviceOf(of);
  if (device !== undefined) return `${of} (${say(device.text)})`;
  const tag = tagMeta(of);
  if (tag !== undefined) return `${of} (${say(tag.text)})`;
  const alarm = alarmMeta(of);
  if (alarm !== undefined) return `${of} (${say(alarm.text)})`;
  const material = materialOf(of);
  return material === undefined ? of : say(material.text);
}

/** A reason in the chosen language; the bare code where the mill has no text for it. */
export function reasonText(of: ReasonLike): string {
  const text = millOrNull() === null ? undefined : mill().reasonTexts[of.code];
  if (text === undefined) return of.code;
  const objects = Object.fromEntries(
    Object.entries(of.objects).map(([name, object]) => [
      name,
      wordText(name, String(object)) ?? objectText(object),
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
