import { For, type JSX, Show } from 'solid-js';
import { formatDuration } from '../../i18n/format.ts';
import { say, t } from '../../i18n/language.ts';
import { deviceOf, type Line, roleOf, setting, tagMeta } from '../../state/mill.ts';
import { selectDevice } from '../../state/selection.ts';
import { useTag } from '../../state/tags.ts';
import { AnalogBar } from '../../widgets/analog-bar.tsx';
import { TagValue } from '../../widgets/tag-value.tsx';

interface Row {
  readonly role: string;
  readonly high?: string;
  readonly mark?: string;
}

/** A unit of the line with the few values that its engineer watches. */
function UnitCard(props: {
  device: string;
  title: string;
  rows: readonly Row[];
  children?: JSX.Element;
}): JSX.Element {
  const device = () => deviceOf(props.device);
  const rows = () => props.rows.filter((row) => roleOf(props.device, row.role) !== undefined);
  return (
    <section class="panel" aria-label={props.title}>
      <header class="panel-head">
        <h2 class="panel-title">{props.title}</h2>
        <button type="button" class="link" onClick={() => selectDevice(props.device)}>
          {props.device}
        </button>
      </header>
      <div class="panel-body">
        <For each={rows()}>
          {(row) => {
            const tag = `${props.device}.${row.role}`;
            const meta = tagMeta(tag);
            const high = row.high === undefined ? undefined : setting(device(), row.high);
            return (
              <div class="value-row">
                <span class="value-name">{meta === undefined ? row.role : say(meta.text)}</span>
                <Show when={meta?.states === null && meta.unit !== 'pcs'} fallback={<span />}>
                  <AnalogBar tag={tag} band={high === undefined ? undefined : { low: 0, high }} />
                </Show>
                <TagValue tag={tag} />
              </div>
            );
          }}
        </For>
        {props.children}
      </div>
    </section>
  );
}

function MixerTimer(props: { mixer: string }): JSX.Element {
  const remaining = useTag(`${props.mixer}.RemainingS`);
  const seconds = () => {
    const { value } = remaining();
    return typeof value === 'number' ? value : null;
  };
  return (
    <p class="timer">
      <span class="quiet">{t('line.remaining')}</span>{' '}
      <b class={`value q-${remaining().quality}`}>
        {seconds() === null ? '–' : formatDuration(seconds() ?? 0)}
      </b>
    </p>
  );
}

/** What comes after dosing: mixer, press, cooler, finished bins and bagging. */
export function UnitsPanel(props: { line: Line }): JSX.Element {
  return (
    <>
      <UnitCard
        device={props.line.mixer}
        title={t('line.mixer')}
        rows={[{ role: 'Phase' }, { role: 'ContentKg', high: 'capacityKg' }]}
      >
        <MixerTimer mixer={props.line.mixer} />
      </UnitCard>
      <UnitCard
        device={props.line.press}
        title={t('line.press')}
        rows={[
          { role: 'Phase' },
          { role: 'LoadPct' },
          { role: 'ConditionerT', high: 'conditionerHighC' },
          { role: 'SetC' },
          { role: 'SteamPct' },
        ]}
      />
      <section class="panel" aria-label={t('line.finished')}>
        <header class="panel-head">
          <h2 class="panel-title">{t('line.finished')}</h2>
        </header>
        <div class="panel-body">
          <For each={[props.line.surge, props.line.pressBin, ...props.line.finishedBins]}>
            {(bin) => (
              <div class="value-row">
                <button type="button" class="link" onClick={() => selectDevice(bin)}>
                  {bin}
                </button>
                <AnalogBar
                  tag={`${bin}.LevelPct`}
                  band={{ low: 0, high: setting(deviceOf(bin), 'highPct') ?? 100 }}
                />
                <TagValue tag={`${bin}.LevelPct`} />
              </div>
            )}
          </For>
        </div>
      </section>
      <UnitCard
        device={props.line.bagger}
        title={t('line.bagging')}
        rows={[
          { role: 'State' },
          { role: 'OrderBags' },
          { role: 'BagCount' },
          { role: 'HopperKg' },
        ]}
      />
    </>
  );
}
