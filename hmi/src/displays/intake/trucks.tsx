import { createSignal, For, type JSX, Match, Show, Switch } from 'solid-js';
import type { StatusDocument } from '../../../../server/contract/live.ts';
import { formatNumber } from '../../i18n/format.ts';
import { say, t, tOr } from '../../i18n/language.ts';
import { fresh, statusOf } from '../../state/live.ts';
import { materialOf, mill } from '../../state/mill.ts';
import { may } from '../../state/session.ts';
import { CommandButton } from '../../widgets/command-button.tsx';
import { Reasons } from '../../widgets/reasons.tsx';
import { TableScroll } from '../../widgets/table-scroll.tsx';
import { BookTruck, CancelTruck, SampleTruck } from './truck-forms.tsx';

type Truck = Extract<StatusDocument, { kind: 'trucks' }>['trucks'][number];
const DESK = 'TRUCKS';
const DONE = ['Complete', 'Rejected', 'Cancelled'];
const CANCELLABLE = ['Booked', 'Arrived', 'Accepted', 'Weighed', 'Permitted'];

/** Sacks are carried into the store: no silo or tank is meant for them. */
function isBagged(material: string): boolean {
  return !mill().devices.some(
    ({ settings }) =>
      ['silo', 'tank'].includes(String(settings['kind'])) && settings['material'] === material,
  );
}

function massText(kg: number | null): string {
  return kg === null ? '–' : formatNumber(kg);
}

/** What a person may do next with a truck; what the machine does by itself has no button. */
function NextStep(props: {
  truck: Truck;
  sample: (truck: Truck) => void;
  cancel: (truckId: string) => void;
}): JSX.Element {
  return (
    <div class="actions actions-left truck-actions">
      <Switch>
        <Match when={props.truck.state === 'Booked'}>
          <CommandButton
            name="truck.arrive"
            target={DESK}
            args={{ truckId: props.truck.truckId }}
            strong
          />
        </Match>
        <Match when={props.truck.state === 'Arrived' && may('truck.sample')}>
          <button
            type="button"
            class="button button-strong"
            onClick={() => props.sample(props.truck)}
          >
            {t('trucks.sample')}
          </button>
        </Match>
        <Match when={props.truck.state === 'Weighed' && isBagged(props.truck.material)}>
          <CommandButton
            name="truck.unload"
            target={DESK}
            args={{ truckId: props.truck.truckId }}
            strong
          />
        </Match>
      </Switch>
      <Show when={CANCELLABLE.includes(props.truck.state) && may('truck.cancel')}>
        <button type="button" class="button" onClick={() => props.cancel(props.truck.truckId)}>
          {t('command.truck.cancel')}
        </button>
      </Show>
    </div>
  );
}

function TruckRow(props: {
  truck: Truck;
  sample: (truck: Truck) => void;
  cancel: (truckId: string) => void;
}): JSX.Element {
  const material = () => {
    const known = materialOf(props.truck.material);
    return known === undefined ? props.truck.material : say(known.text);
  };
  return (
    <tr classList={{ 'truck-done': DONE.includes(props.truck.state) }}>
      <td>
        <strong>{props.truck.plate}</strong> <span class="quiet">{props.truck.truckId}</span>
      </td>
      <td>{material()}</td>
      <td>
        {props.truck.supplier} <span class="quiet">{props.truck.supplierLot}</span>
      </td>
      <td class="num">{formatNumber(props.truck.ticketKg)}</td>
      <td class="num">{massText(props.truck.netKg)}</td>
      <td>{props.truck.lot ?? '–'}</td>
      <td>
        {[props.truck.pit, ...props.truck.destinations.map((one) => one.bin)]
          .filter((one) => one !== null)
          .join(' → ') || '–'}
      </td>
      <td>{tOr(`trucks.${props.truck.state}`, props.truck.state)}</td>
      <td>
        {tOr(`trucks.wait.${props.truck.state}`, '')}
        <Show when={props.truck.reasons.length > 0}>
          <Reasons list={props.truck.reasons} />
        </Show>
      </td>
      <td>
        <NextStep truck={props.truck} sample={props.sample} cancel={props.cancel} />
      </td>
    </tr>
  );
}

const HEADS = [
  'trucks.plate',
  'trucks.material',
  'trucks.supplier',
  'trucks.ticket',
  'trucks.net',
  'trucks.lot',
  'trucks.to',
  'trucks.state',
  'trucks.waits',
  'trucks.next',
] as const;

/** The trucks of today: where each is, what it waits for, and the button of its next step. */
export function Trucks(): JSX.Element {
  const [booking, setBooking] = createSignal(false);
  const [sampled, setSampled] = createSignal<Truck | null>(null);
  const [cancelled, setCancelled] = createSignal<string | null>(null);
  const desk = () => statusOf('trucks', DESK);
  // Those still in the yard first, in the order in which they came.
  const list = () =>
    [...(desk()?.trucks ?? [])].sort(
      (a, b) => Number(DONE.includes(a.state)) - Number(DONE.includes(b.state)),
    );
  return (
    <section class="document" classList={{ outdated: !fresh() }}>
      <div class="display-head">
        <h1>{t('trucks.title')}</h1>
        <Show when={may('truck.book') && desk() !== undefined}>
          <button type="button" class="button button-strong" onClick={() => setBooking(true)}>
            {t('trucks.new')}
          </button>
        </Show>
      </div>
      <TableScroll label={t('trucks.title')}>
        <table class="table">
          <thead>
            <tr>
              <For each={HEADS}>{(head) => <th>{t(head)}</th>}</For>
            </tr>
          </thead>
          <tbody>
            <For
              each={list()}
              fallback={
                <tr>
                  <td colSpan={HEADS.length}>
                    {t(desk() === undefined ? 'trucks.noDesk' : 'trucks.none')}
                  </td>
                </tr>
              }
            >
              {(truck) => <TruckRow truck={truck} sample={setSampled} cancel={setCancelled} />}
            </For>
          </tbody>
        </table>
      </TableScroll>
      <BookTruck open={booking()} onClose={() => setBooking(false)} />
      <Show when={sampled()} keyed>
        {(truck) => (
          <SampleTruck
            truckId={truck.truckId}
            material={truck.material}
            onClose={() => setSampled(null)}
          />
        )}
      </Show>
      <Show when={cancelled()} keyed>
        {(truckId) => <CancelTruck truckId={truckId} onClose={() => setCancelled(null)} />}
      </Show>
    </section>
  );
}
