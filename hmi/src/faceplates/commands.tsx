import { For, type JSX, Match, Show, Switch } from 'solid-js';
import { t } from '../i18n/language.ts';
import { useLook } from '../state/look.ts';
import { type Device, mill } from '../state/mill.ts';
import { may } from '../state/session.ts';
import { CommandButton } from '../widgets/command-button.tsx';
import { CommandOutcome } from '../widgets/command-outcome.tsx';

const DRIVES: ReadonlySet<string> = new Set([
  'motor',
  'fan',
  'conveyor',
  'elevator',
  'feeder',
  'mixer',
  'hammerMill',
  'press',
]);

function CommonCommands(props: { device: Device }): JSX.Element {
  const look = useLook(props.device);
  const out = () => look().look === 'out';
  return (
    <>
      <CommandButton name="device.reset" target={props.device.id} />
      <CommandButton
        name="device.out-of-service"
        target={props.device.id}
        args={{ on: !out() }}
        label={t(out() ? 'command.inService' : 'command.device.out-of-service')}
      />
    </>
  );
}

function DiverterCommands(props: { device: Device }): JSX.Element {
  const ports = () =>
    mill().flows.filter((flow) => flow.from === props.device.id && flow.port !== null);
  return (
    <For each={ports()}>
      {(flow) => (
        <CommandButton
          name="device.position"
          target={props.device.id}
          args={{ position: flow.port }}
          label={t('face.leadsTo', { position: flow.port ?? 0, to: flow.to })}
        />
      )}
    </For>
  );
}

const BAGGER_COMMANDS = ['start', 'stop', 'hold', 'unhold', 'clear', 'reset', 'abort'] as const;

function CommandsOf(props: { device: Device }): JSX.Element {
  return (
    <Switch>
      <Match when={DRIVES.has(props.device.type)}>
        <CommandButton name="device.start" target={props.device.id} />
        <CommandButton name="device.stop" target={props.device.id} />
        <Show when={props.device.type === 'press'}>
          <CommandButton name="press.reset" target={props.device.id} />
        </Show>
        <CommonCommands device={props.device} />
      </Match>
      <Match when={props.device.type === 'gate'}>
        <CommandButton name="device.open" target={props.device.id} />
        <CommandButton name="device.close" target={props.device.id} />
        <CommonCommands device={props.device} />
      </Match>
      <Match when={props.device.type === 'diverter'}>
        <DiverterCommands device={props.device} />
        <CommonCommands device={props.device} />
      </Match>
      <Match when={props.device.type === 'bagger'}>
        <For each={BAGGER_COMMANDS}>
          {(verb) => <CommandButton name={`bagger.${verb}`} target={props.device.id} />}
        </For>
      </Match>
    </Switch>
  );
}

function doorOf(device: Device): string | null {
  if (DRIVES.has(device.type)) return 'device.start';
  if (device.type === 'gate' || device.type === 'diverter') return 'device.open';
  return device.type === 'bagger' ? 'bagger.start' : null;
}

/** The commands that this session may give to the device, and what became of the last one. */
export function FaceplateCommands(props: { device: Device }): JSX.Element {
  return (
    <Show when={doorOf(props.device)}>
      {(door) => (
        <section class="face-section">
          <h2 class="face-heading">{t('face.commands')}</h2>
          <Show when={may(door())} fallback={<p class="quiet">{t('face.noCommands')}</p>}>
            <div class="actions actions-left">
              <CommandsOf device={props.device} />
            </div>
          </Show>
          <CommandOutcome target={props.device.id} />
        </section>
      )}
    </Show>
  );
}
