import { For, type JSX } from 'solid-js';
import { say, t } from '../../i18n/language.ts';
import { mill } from '../../state/mill.ts';
import { DeviceRow } from '../../widgets/device-row.tsx';

/** The mill on a phone: its devices by area, each a line. */
export function MillList(): JSX.Element {
  return (
    <div class="mill-list" role="group" aria-label={t('overview.title')}>
      <For each={mill().areas}>
        {(area) => (
          <details class="area" open>
            <summary>{say(area.text)}</summary>
            <ul>
              <For each={mill().devices.filter((one) => one.area === area.id)}>
                {(device) => <DeviceRow device={device} />}
              </For>
            </ul>
          </details>
        )}
      </For>
    </div>
  );
}
