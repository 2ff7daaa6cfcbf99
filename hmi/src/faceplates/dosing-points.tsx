import { For, type JSX, Show } from 'solid-js';
import { formatNumber } from '../i18n/format.ts';
import { t } from '../i18n/language.ts';
import { statusOf } from '../state/live.ts';
import type { Device } from '../state/mill.ts';

function rate(kgPerS: number | null): string {
  return kgPerS === null ? '–' : t('dosing.kgPerS', { value: formatNumber(kgPerS, 3) });
}

/** What a scale has learnt of each bin: where it changes to fine flow, and where it cuts off. */
export function DosingPoints(props: { device: Device }): JSX.Element {
  const points = () => statusOf('dosing', props.device.id)?.points ?? [];
  return (
    <Show when={points().length > 0}>
      <section class="face-section">
        <h2 class="face-heading">{t('dosing.points')}</h2>
        <table class="table table-tight">
          <thead>
            <tr>
              <th>{t('line.bin')}</th>
              <th class="num">{t('dosing.changeover')}</th>
              <th class="num">{t('dosing.inFlight')}</th>
              <th class="num">{t('dosing.coarse')}</th>
              <th class="num">{t('dosing.fine')}</th>
              <th class="num">{t('dosing.doses')}</th>
            </tr>
          </thead>
          <tbody>
            <For each={points()}>
              {(point) => (
                <tr>
                  <td>
                    {point.bin} <span class="quiet">{point.material}</span>
                  </td>
                  <td class="num">{formatNumber(point.changeoverKg, 2)} kg</td>
                  <td class="num">{formatNumber(point.inFlightKg, 3)} kg</td>
                  <td class="num">{rate(point.coarseKgPerS)}</td>
                  <td class="num">{rate(point.fineKgPerS)}</td>
                  <td class="num">{formatNumber(point.doses, 0)}</td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </section>
    </Show>
  );
}
