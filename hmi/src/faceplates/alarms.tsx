import { For, type JSX, Show } from 'solid-js';
import { formatTime } from '../i18n/format.ts';
import { say, t } from '../i18n/language.ts';
import { isUnacknowledged, sortedAlarms } from '../state/alarms.ts';
import { alarmMeta, type Device } from '../state/mill.ts';
import { PriorityMark } from '../widgets/priority-mark.tsx';

/** The alarms of the device that are not normal, with what to do. */
export function FaceplateAlarms(props: { device: Device }): JSX.Element {
  const own = () =>
    sortedAlarms().filter((one) => alarmMeta(one.alarmId)?.device === props.device.id);
  return (
    <Show when={own().length > 0}>
      <section class="face-section">
        <h2 class="face-heading">{t('face.alarms')}</h2>
        <For each={own()}>
          {(one) => (
            <article class="face-alarm">
              <PriorityMark priority={one.priority} calm={!isUnacknowledged(one)} />
              <div>
                <strong>
                  {say(alarmMeta(one.alarmId)?.text ?? { vi: one.alarmId, en: one.alarmId })}
                </strong>
                <span class="quiet">
                  {' '}
                  {formatTime(one.raisedTimeMs, 'time')} · {t(`alarmState.${one.state}`)}
                </span>
                <Show when={alarmMeta(one.alarmId)}>{(meta) => <p>{say(meta().action)}</p>}</Show>
              </div>
            </article>
          )}
        </For>
      </section>
    </Show>
  );
}
