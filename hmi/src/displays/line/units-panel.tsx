import { For, type JSX, Show } from 'solid-js';
import { formatDuration } from '../../i18n/format.ts';
import { say, t } from '../../i18n/language.ts';
import { statusOf } from '../../state/live.ts';
import { deviceOf, type Line, roleOf, setting } from '../../state/mill.ts';
import { selectDevice } from '../../state/selection.ts';
import { useTag } from '../../state/tags.ts';
import { AnalogBar } from '../../widgets/analog-bar.tsx';
import { TagValue } from '../../widgets/tag-value.tsx';
import { QUALITY_SIGNS } from '../../widgets/value-text.ts';

/** Up to so many finished bins are all in sight. */
const FINISHED_BINS_SHOWN = 6;

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

/** How long the mixer still turns; nothing is shown while nothing is timed. */
function MixerTimer(props: { mixer: string }): JSX.Element {
  const remaining = useTag(`${props.mixer}.RemainingS`);
  const seconds = () => {
    const { value } = remaining();
    return typeof value === 'number' && value > 0 ? value : null;
  };
  return (
    <p class="timer">
      <span class="quiet">{t('line.remaining')}</span>{' '}
      <b class={`value q-${remaining().quality}`}>
        <span class="value-number">
          {seconds() === null ? '–' : formatDuration(seconds() ?? 0)}
        </span>
        <Show when={remaining().quality !== 'good'}>
          <span class="value-sign">{QUALITY_SIGNS[remaining().quality]}</span>
        </Show>
      </b>
    </p>
  );
}

/** A bin of the line: its level, and what the last order for it has put in. */
function BinRow(props: { line: Line; bin: string }): JSX.Element {
  const device = () => deviceOf(props.bin);
  const level = useTag(`${props.bin}.LevelPct`);
  const isEmpty = () => {
    const { value } = level();
    return typeof value !== 'number' || value <= (setting(device(), 'lowPct') ?? 0);
  };
  const filledBy = () =>
    statusOf('line', props.line.id)?.orders.find(
      (one) => one.order.destination === props.bin && one.dosedKg > 0,
    )?.order;
  return (
    <div class="value-row">
      <span class="value-name">
        <button type="button" class="link" onClick={() => selectDevice(props.bin)}>
          {props.bin}
        </button>{' '}
        {say(device()?.text ?? { vi: '', en: '' })}
        <Show when={isEmpty() ? undefined : filledBy()}>
          {(order) => (
            <span class="quiet value-role">
              {say(order().product)} · {order().lot}
            </span>
          )}
        </Show>
      </span>
      <AnalogBar tag={`${props.bin}.LevelPct`} />
      <TagValue tag={`${props.bin}.LevelPct`} />
    </div>
  );
}

/**
 * Where product of the line rests between its units and at its end. Of many finished bins those
 * of its orders stand in sight, the others are folded up.
 */
function BinsPanel(props: { line: Line }): JSX.Element {
  const ordered = () =>
    new Set(statusOf('line', props.line.id)?.orders.map(({ order }) => order.destination));
  const inSight = () =>
    props.line.finishedBins.length <= FINISHED_BINS_SHOWN
      ? props.line.finishedBins
      : props.line.finishedBins.filter((bin) => ordered().has(bin));
  const others = () => props.line.finishedBins.filter((bin) => !inSight().includes(bin));
  return (
    <section class="panel" aria-label={t('line.bins')}>
      <header class="panel-head">
        <h2 class="panel-title">{t('line.bins')}</h2>
      </header>
      <div class="panel-body">
        <For each={[props.line.surge, ...props.line.presses.map(({ bin }) => bin), ...inSight()]}>
          {(bin) => <BinRow line={props.line} bin={bin} />}
        </For>
        <Show when={others().length > 0}>
          <details>
            <summary>{t('line.otherBins', { count: others().length })}</summary>
            <For each={others()}>{(bin) => <BinRow line={props.line} bin={bin} />}</For>
          </details>
        </Show>
      </div>
    </section>
  );
}

/** What comes after dosing: mixer, presses, finished bins and baggers. */
export function UnitsPanel(props: { line: Line }): JSX.Element {
  return (
    <>
      <UnitCard device={props.line.mixer} title={t('line.mixer')} roles={['Phase', 'ContentKg']}>
        <MixerTimer mixer={props.line.mixer} />
      </UnitCard>
      <For each={props.line.presses}>
        {({ press }) => (
          <UnitCard
            device={press}
            title={`${t('line.press')} ${press}`}
            roles={['Phase', 'LoadPct', 'ConditionerT', 'SetC', 'SteamPct']}
          />
        )}
      </For>
      <BinsPanel line={props.line} />
      <For each={props.line.baggers}>
        {(bagger) => (
          <UnitCard
            device={bagger}
            title={`${t('line.bagging')} ${bagger}`}
            roles={['State', 'OrderBags', 'BagCount', 'HopperKg']}
          />
        )}
      </For>
    </>
  );
}
