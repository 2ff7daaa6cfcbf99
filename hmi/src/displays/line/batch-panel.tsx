import { For, type JSX, Show } from 'solid-js';
import type { DoseProgress } from '../../../../server/contract/live.ts';
import { decimalsOfDivision, formatNumber } from '../../i18n/format.ts';
import { say, t } from '../../i18n/language.ts';
import { isActive, sortedAlarms } from '../../state/alarms.ts';
import { LIMIT_SIGNS } from '../../state/bands.ts';
import { statusOf } from '../../state/live.ts';
import { alarmMeta, deviceOf, type Line, materialOf, roleOf, setting } from '../../state/mill.ts';
import { selectDevice } from '../../state/selection.ts';
import { useTag } from '../../state/tags.ts';
import { CommandButton } from '../../widgets/command-button.tsx';
import { reasonText } from '../../widgets/reasons.tsx';
import { TagValue } from '../../widgets/tag-value.tsx';
import { binReason } from './bin-waits.ts';
import { DoseBar } from './dose-bar.tsx';
import { SecondPerson } from './second-person.tsx';

function materialText(code: string): string {
  const material = materialOf(code);
  return material === undefined ? code : say(material.text);
}

const DOSE_SIGNS = { waiting: '', dosing: '▶', deciding: '!', done: '✓' } as const;

/** One ingredient: what was asked for, what came, and whether that is within its tolerance. */
function DoseRow(props: { dose: DoseProgress; decimals: number; liveKg: number | null }) {
  const actual = () => props.dose.actualKg ?? (props.dose.state === 'dosing' ? props.liveKg : null);
  const offKg = () => (props.dose.actualKg ?? props.dose.targetKg) - props.dose.targetKg;
  const sign = () => {
    const { state, toleranceKg } = props.dose;
    if (state !== 'done' || Math.abs(offKg()) <= toleranceKg) return DOSE_SIGNS[state];
    return offKg() > 0 ? LIMIT_SIGNS.above : LIMIT_SIGNS.below;
  };
  return (
    <li class={`dose dose-${props.dose.state}`} data-material={props.dose.material}>
      <span class="dose-sign" aria-hidden="true">
        {sign()}
      </span>
      <span class="dose-name">
        {materialText(props.dose.material)}
        <span class="quiet"> {props.dose.bin ?? ''}</span>
      </span>
      <DoseBar
        targetKg={props.dose.targetKg}
        actualKg={actual()}
        toleranceKg={props.dose.toleranceKg}
        state={props.dose.state}
      />
      <span class="dose-kg">
        <b>{actual() === null ? '–' : formatNumber(actual() ?? 0, props.decimals)}</b>
        <span class="quiet">
          {' '}
          / {formatNumber(props.dose.targetKg, props.decimals)} ±{' '}
          {formatNumber(props.dose.toleranceKg, props.decimals)} kg
        </span>
      </span>
      <span class="visually-hidden">{t(`dose.${props.dose.state}`)}</span>
    </li>
  );
}

/**
 * What an engineer decides about a dose that is out of tolerance, and by how much it is; or what it
 * waits for, where it goes on by itself.
 */
function ScaleDecision(props: {
  dose: DoseProgress;
  decimals: number;
  binReason: ReturnType<typeof binReason>;
}): JSX.Element {
  const offKg = () => (props.dose.actualKg ?? 0) - props.dose.targetKg;
  const off = () => `${offKg() > 0 ? '+' : ''}${formatNumber(offKg(), props.decimals)} kg`;
  const why = () =>
    sortedAlarms()
      .filter(isActive)
      .flatMap((one) => alarmMeta(one.alarmId) ?? [])
      .filter((alarm) => alarm.device === props.dose.scale);
  return (
    <div class="decision document" role="alert">
      <div>
        <strong>
          ! {t(props.binReason === undefined ? 'line.waiting' : 'line.binWaits')}
          <Show when={props.dose.actualKg !== null}>
            : {materialText(props.dose.material)} {off()}
          </Show>
        </strong>
        <Show
          when={props.binReason}
          fallback={
            <For each={why()}>
              {(alarm) => (
                <p>
                  {say(alarm.text)}. <span class="quiet">{say(alarm.action)}</span>
                </p>
              )}
            </For>
          }
        >
          {(found) => <p>{reasonText(found())}</p>}
        </Show>
      </div>
      <div class="actions actions-left">
        <Show
          when={props.dose.drug}
          fallback={
            <CommandButton
              name="dose.decide"
              target={props.dose.scale}
              args={{ scale: props.dose.scale, decision: 'accept' }}
              label={t('line.accept')}
            />
          }
        >
          <SecondPerson scale={props.dose.scale} material={materialText(props.dose.material)} />
        </Show>
        <CommandButton
          name="dose.decide"
          target={props.dose.scale}
          args={{ scale: props.dose.scale, decision: 'retry' }}
          label={t(offKg() > 0 ? 'line.weighAgain' : 'line.retry')}
        />
      </div>
    </div>
  );
}

/** One scale: its weight and state now, and its ingredients in their order. */
function ScaleDoses(props: {
  line: string;
  scale: string;
  doses: readonly DoseProgress[];
}): JSX.Element {
  const device = () => deviceOf(props.scale);
  const net = useTag(roleOf(props.scale, 'Net')?.name ?? `${props.scale}.Net`);
  const decimals = () =>
    decimalsOfDivision(setting(device(), 'divisionKg') ?? setting(device(), 'kgPerPulse') ?? 0.1);
  const before = () =>
    props.doses.reduce((sum, dose) => sum + (dose.state === 'done' ? (dose.actualKg ?? 0) : 0), 0);
  const liveKg = () => {
    const { value, quality } = net();
    return typeof value === 'number' && quality === 'good' ? Math.max(0, value - before()) : null;
  };
  return (
    <section class="scale" aria-label={props.scale}>
      <header class="scale-head">
        <button type="button" class="link" onClick={() => selectDevice(props.scale)}>
          {props.scale}
        </button>
        <span class="quiet">
          {device() === undefined ? '' : say(device()?.text ?? { vi: '', en: '' })}
        </span>
        <TagValue tag={`${props.scale}.State`} class="scale-state" />
        <TagValue tag={`${props.scale}.Net`} class="scale-net" />
      </header>
      <ul class="doses" classList={{ document: props.doses.length > 0 }}>
        <For each={props.doses}>
          {(dose) => <DoseRow dose={dose} decimals={decimals()} liveKg={liveKg()} />}
        </For>
      </ul>
      <Show when={props.doses.find((dose) => dose.state === 'deciding')}>
        {(dose) => (
          <ScaleDecision
            dose={dose()}
            decimals={decimals()}
            binReason={binReason(statusOf('line', props.line), dose())}
          />
        )}
      </Show>
    </section>
  );
}

/** The batch in work: each scale with its doses as they go. */
export function BatchPanel(props: { line: Line }): JSX.Element {
  const status = () => statusOf('line', props.line.id);
  const title = () => {
    const number = status()?.batchNumber ?? null;
    const total = status()?.orders[0]?.batchesPlanned;
    if (number === null) return t('line.noBatch');
    return total === undefined ? t('line.batch', { number }) : t('line.batchOf', { number, total });
  };
  return (
    <section class="panel" aria-label={t('line.doses')}>
      <header class="panel-head">
        <h2 class="panel-title">
          {t('line.doses')} <span class="panel-sub">{title()}</span>
        </h2>
        <TagValue tag={`${props.line.id}.State`} class="state-chip" />
      </header>
      <div class="panel-body">
        <For each={[...props.line.scales, ...props.line.meters]}>
          {(scale) => (
            <ScaleDoses
              line={props.line.id}
              scale={scale}
              doses={status()?.doses.filter((dose) => dose.scale === scale) ?? []}
            />
          )}
        </For>
      </div>
    </section>
  );
}
