import { For, type JSX, Show } from 'solid-js';
import { formatDuration } from '../../i18n/format.ts';
import { say, t } from '../../i18n/language.ts';
import { type Line, roleOf } from '../../state/mill.ts';
import { selectDevice } from '../../state/selection.ts';
import { useTag } from '../../state/tags.ts';
import { AnalogBar } from '../../widgets/analog-bar.tsx';
import { TagValue } from '../../widgets/tag-value.tsx';

/** A unit of the line with the few values that its engineer watches. */
function UnitCard(props: {
  device: string;
  title: string;
  roles: readonly string[];
  children?: JSX.Element;
}): JSX.Element {
  const tags = () => props.roles.flatMap((role) => roleOf(props.device, role) ?? []);
  return (
    <section class="panel" aria-label={props.title}>
      <header class="panel-head">
        <h2 class="panel-title">{props.title}</h2>
        <button type="button" class="link" onClick={() => selectDevice(props.device)}>
          {props.device}
        </button>
      </header>
      <div class="panel-body">
        <For each={tags()}>
          {(tag) => (
            <div class="value-row">
              <span class="value-name">{say(tag.text)}</span>
              <Show when={tag.states === null && tag.unit !== 'pcs'} fallback={<span />}>
                <AnalogBar tag={tag.name} />
              </Show>
              <TagValue tag={tag.name} />
            </div>
          )}
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
      <UnitCard device={props.line.mixer} title={t('line.mixer')} roles={['Phase', 'ContentKg']}>
        <MixerTimer mixer={props.line.mixer} />
      </UnitCard>
      <UnitCard
        device={props.line.press}
        title={t('line.press')}
        roles={['Phase', 'LoadPct', 'ConditionerT', 'SetC', 'SteamPct']}
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
                <AnalogBar tag={`${bin}.LevelPct`} />
                <TagValue tag={`${bin}.LevelPct`} />
              </div>
            )}
          </For>
        </div>
      </section>
      <UnitCard
        device={props.line.bagger}
        title={t('line.bagging')}
        roles={['State', 'OrderBags', 'BagCount', 'HopperKg']}
      />
    </>
  );
}
