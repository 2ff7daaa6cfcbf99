import { For, type JSX, Show } from 'solid-js';
import type { ModuleStatus } from '../../../server/contract/live.ts';
import { CHOSEN_MODES, DEVICE_MODE_TEXTS } from '../../../server/contract/states.ts';
import { formatTime } from '../i18n/format.ts';
import { say, t } from '../i18n/language.ts';
import { statusOf } from '../state/live.ts';
import type { Device } from '../state/mill.ts';
import { may } from '../state/session.ts';
import { CommandButton } from '../widgets/command-button.tsx';
import { Reasons, reasonText } from '../widgets/reasons.tsx';

/** A short touch, and one that turns a machine over; both end by themselves, s. */
const JOGS_S = [1, 3] as const;

function ModeFacts(props: { module: ModuleStatus }): JSX.Element {
  const overridden = () => props.module.mode !== props.module.chosenMode;
  return (
    <>
      <dt>{t('module.mode')}</dt>
      <dd>
        {say(DEVICE_MODE_TEXTS[props.module.mode])}
        <Show when={overridden()}>
          <span class="quiet">
            {' '}
            {t('module.back', { mode: say(DEVICE_MODE_TEXTS[props.module.chosenMode]) })}
          </span>
        </Show>
      </dd>
    </>
  );
}

function StopFacts(props: { module: ModuleStatus }): JSX.Element {
  return (
    <>
      <Show when={props.module.firstOut}>
        {(first) => (
          <>
            <dt>{t('module.firstOut')}</dt>
            <dd>{reasonText(first())}</dd>
          </>
        )}
      </Show>
      <dt>{t('module.lastStop')}</dt>
      <dd>
        <Show when={props.module.lastStop} fallback={t('module.neverStopped')}>
          {(stop) => (
            <>
              {formatTime(stop().timeMs)}
              <Reasons list={stop().reasons} />
            </>
          )}
        </Show>
      </dd>
    </>
  );
}

function StartFacts(props: { starts: NonNullable<ModuleStatus['startsInHour']> }): JSX.Element {
  const full = () => props.starts.count >= props.starts.max;
  return (
    <>
      <dt>{t('module.starts')}</dt>
      <dd>
        {t('module.startsOf', { count: props.starts.count, max: props.starts.max })}
        <Show when={full()}>
          <span class="quiet"> {t('module.startsFull')}</span>
        </Show>
      </dd>
    </>
  );
}

/** The modes that a person may change to, and the jogs of one that is in Manual. */
function ModuleCommands(props: { device: Device; module: ModuleStatus }): JSX.Element {
  const others = () => CHOSEN_MODES.filter((mode) => mode !== props.module.chosenMode);
  const jogs = () => (props.module.canJog && props.module.mode === 'Manual' ? JOGS_S : []);
  return (
    <Show when={may('device.mode') || may('device.jog')}>
      <div class="actions actions-left">
        <For each={others()}>
          {(mode) => (
            <CommandButton
              name="device.mode"
              target={props.device.id}
              args={{ mode }}
              label={`${t('module.change')}: ${say(DEVICE_MODE_TEXTS[mode])}`}
            />
          )}
        </For>
        <For each={jogs()}>
          {(s) => (
            <CommandButton
              name="device.jog"
              target={props.device.id}
              args={{ s }}
              label={t('module.jog', { s })}
            />
          )}
        </For>
      </div>
    </Show>
  );
}

/** Mode, starts within the hour and last stop of a control module, and what changes them. */
export function FaceplateModule(props: { device: Device }): JSX.Element {
  return (
    <Show when={statusOf('device', props.device.id)?.module}>
      {(module) => (
        <section class="face-section">
          <dl class="facts">
            <ModeFacts module={module()} />
            <Show when={module().startsInHour}>{(starts) => <StartFacts starts={starts()} />}</Show>
            <StopFacts module={module()} />
          </dl>
          <ModuleCommands device={props.device} module={module()} />
        </section>
      )}
    </Show>
  );
}
