import { createSignal, For, type JSX, Show } from 'solid-js';
import { formatNumber } from '../../i18n/format.ts';
import { say, t } from '../../i18n/language.ts';
import { sendCommand } from '../../state/commands.ts';
import { statusOf } from '../../state/live.ts';
import { deviceOf, mill, type Route } from '../../state/mill.ts';
import { may } from '../../state/session.ts';
import { Choice } from '../../widgets/choice.tsx';
import { CommandButton } from '../../widgets/command-button.tsx';
import { CommandOutcome } from '../../widgets/command-outcome.tsx';
import { Reasons } from '../../widgets/reasons.tsx';
import { Field } from './truck-forms.tsx';

function unitOf(route: string) {
  return statusOf('device', `${route}:unit`);
}

/** Routes that have a transfer unit: the controller tells of it. */
function movingRoutes(): readonly Route[] {
  return mill().routes.filter(({ id }) => unitOf(id)?.transfer !== undefined);
}

function named(id: string): string {
  const device = deviceOf(id);
  return device === undefined ? id : `${id} · ${say(device.text)}`;
}

const unique = (ids: readonly string[]) => [...new Set(ids)];

/** Chooses source, destination and mass; the route between them is found. */
function TransferForm(): JSX.Element {
  const [source, setSource] = createSignal('');
  const [destination, setDestination] = createSignal('');
  const [kg, setKg] = createSignal('');
  const sources = () => unique(movingRoutes().flatMap((one) => one.sources));
  const from = () => (sources().includes(source()) ? source() : (sources()[0] ?? ''));
  const leading = () => movingRoutes().filter((one) => one.sources.includes(from()));
  const destinations = () =>
    unique(leading().flatMap((one) => one.destinations)).filter((id) => id !== from());
  const to = () =>
    destinations().includes(destination()) ? destination() : (destinations()[0] ?? '');
  const route = () => leading().find((one) => one.destinations.includes(to()))?.id ?? '';
  const options = (ids: readonly string[]) => ids.map((id): [string, string] => [id, named(id)]);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const args = { source: from(), destination: to(), kg: Number(kg().trim().replace(',', '.')) };
    if (await sendCommand('transfer.start', route(), args)) setKg('');
  };
  return (
    <form class="fields" onSubmit={(event) => void submit(event)}>
      <Choice
        label={t('transfer.source')}
        value={from()}
        options={options(sources())}
        onChange={setSource}
      />
      <Choice
        label={t('transfer.destination')}
        value={to()}
        options={options(destinations())}
        onChange={setDestination}
      />
      <Field label={t('transfer.kg')} value={kg()} onInput={setKg} numeric />
      <button type="submit" class="button button-strong">
        {t('command.transfer.start')}
      </button>
      <CommandOutcome target={route()} />
    </form>
  );
}

/** What a route is moving, or why it ended short. */
function TransferRow(props: { route: string }): JSX.Element {
  const status = () => unitOf(props.route);
  return (
    <Show when={status()?.transfer != null || (status()?.reasons.length ?? 0) > 0}>
      <li class="sack-task">
        <div>
          <Show when={status()?.transfer}>
            {(job) => (
              <strong>
                {t('transfer.progress', {
                  source: job().source,
                  destination: job().destination,
                  moved: formatNumber(job().movedKg),
                  target: formatNumber(job().targetKg),
                })}
              </strong>
            )}
          </Show>
          <Reasons list={status()?.reasons ?? []} />
        </div>
        <Show when={status()?.transfer}>
          <div class="actions">
            <CommandButton name="transfer.stop" target={props.route} />
            <CommandButton name="transfer.resume" target={props.route} />
          </div>
        </Show>
      </li>
    </Show>
  );
}

/** Stock that is moved from one bin to another on command, where the mill has a way. */
export function TransferPanel(): JSX.Element {
  return (
    <Show when={movingRoutes().length > 0}>
      <section class="panel" aria-label={t('transfer.title')}>
        <header class="panel-head">
          <h2 class="panel-title">{t('transfer.title')}</h2>
        </header>
        <div class="panel-body">
          <ul class="sack-tasks">
            <For each={movingRoutes()}>{(one) => <TransferRow route={one.id} />}</For>
          </ul>
          <Show when={may('transfer.start')}>
            <TransferForm />
          </Show>
        </div>
      </section>
    </Show>
  );
}
