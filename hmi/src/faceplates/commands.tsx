import { For, type JSX, Match, Show, Switch } from 'solid-js';
import { MOTOR_STATES } from '../../../server/contract/states.ts';
import { t } from '../i18n/language.ts';
import { stateNamesOf, useLook } from '../state/look.ts';
import { type Device, mill } from '../state/mill.ts';
import { may } from '../state/session.ts';
import { CommandButton } from '../widgets/command-button.tsx';
import { CommandOutcome } from '../widgets/command-outcome.tsx';

const GATES: ReadonlySet<string> = new Set(['gate', 'valve']);
const POSITIONERS: ReadonlySet<string> = new Set(['diverter', 'distributor']);

/** Every type that has the states of a motor is started and stopped. */
function isDrive(device: Device): boolean {
  return stateNamesOf(device) === MOTOR_STATES;
}

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

/** Both are driven by PackML, with the same commands. */
const PACKING: ReadonlySet<string> = new Set(['bagger', 'palletiser']);
const BAGGER_COMMANDS = ['start', 'stop', 'hold', 'unhold', 'clear', 'reset', 'abort'] as const;

function CommandsOf(props: { device: Device }): JSX.Element {
  return (
    <Switch>
      <Match when={isDrive(props.device)}>
        <CommandButton name="device.start" target={props.device.id} />
        <CommandButton name="device.stop" target={props.device.id} />
        <Show when={props.device.type === 'press'}>
          <CommandButton name="press.reset" target={props.device.id} />
        </Show>
        <CommonCommands device={props.device} />
      </Match>
      <Match when={GATES.has(props.device.type)}>
        <CommandButton name="device.open" target={props.device.id} />
        <CommandButton name="device.close" target={props.device.id} />
        <CommonCommands device={props.device} />
      </Match>
      <Match when={POSITIONERS.has(props.device.type)}>
        <DiverterCommands device={props.device} />
        <CommonCommands device={props.device} />
      </Match>
      <Match when={props.device.type === 'cooler'}>
        <CommandButton name="cooler.fire-out" target={props.device.id} />
      </Match>
      <Match when={PACKING.has(props.device.type)}>
        <For each={BAGGER_COMMANDS}>
          {(verb) => (
            <CommandButton
              name={`bagger.${verb}`}
              target={props.device.id}
              {...(props.device.type === 'palletiser'
                ? { label: t(`command.palletiser.${verb}`) }
                : {})}
            />
          )}
        </For>
      </Match>
      <Match when={props.device.type === 'filter'}>
        <CommandButton
          name="device.start"
          target={props.device.id}
          label={t('command.filterClean')}
        />
        <CommandButton name="device.stop" target={props.device.id} />
      </Match>
      <Match when={props.device.type === 'airNet'}>
        <CommandButton name="device.start" target={props.device.id} label={t('command.airNext')} />
      </Match>
    </Switch>
  );
}

function doorOf(device: Device): string | null {
  if (isDrive(device)) return 'device.start';
  if (GATES.has(device.type) || POSITIONERS.has(device.type)) return 'device.open';
  if (device.type === 'cooler') return 'cooler.fire-out';
  if (device.type === 'filter' || device.type === 'airNet') return 'device.start';
  return PACKING.has(device.type) ? 'bagger.start' : null;
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
