import {
  createEffect,
  createMemo,
  createResource,
  createSignal,
  For,
  type JSX,
  on,
  Show,
} from 'solid-js';
import type { BagRejectView, PalletView } from '../../../../server/contract/packing.ts';
import { formatNumber, formatTime } from '../../i18n/format.ts';
import { say, t } from '../../i18n/language.ts';
import { query, rest } from '../../live/rest.ts';
import { mill } from '../../state/mill.ts';
import { LabelLinks } from '../../widgets/label-links.tsx';
import { Loaded } from '../../widgets/loaded.tsx';
import { LotLink } from '../../widgets/lot-link.tsx';
import { TableScroll } from '../../widgets/table-scroll.tsx';
import { TextField } from '../../widgets/text-field.tsx';
import { machinesOf } from './packing-devices.ts';

const SHOWN = 100;

/** A bag is named after its bagger and the count of its bags. */
function isBag(text: string): boolean {
  return machinesOf('bagger').some(({ id }) => text.startsWith(`${id}/`));
}

/** An order's number, and that of its flush. */
const ORDER = /^\d{4}-\d+(-F)?$/;

/** What is looked for: an order, a lot or a bag, told apart by how its number is written. */
function wanted(text: string): Readonly<Record<string, string | number>> {
  const one = text.trim();
  if (one === '') return { limit: SHOWN };
  if (isBag(one)) return { bag: one, limit: SHOWN };
  return ORDER.test(one) ? { order: one, limit: SHOWN } : { lot: one, limit: SHOWN };
}

function Pallets(props: { list: readonly PalletView[] }): JSX.Element {
  return (
    <TableScroll label={t('packing.pallets')}>
      <table class="table table-tight">
        <thead>
          <tr>
            <th>{t('packing.time')}</th>
            <th>{t('packing.pallet')}</th>
            <th>{t('packing.product')}</th>
            <th>{t('packing.order')}</th>
            <th>{t('records.lot')}</th>
            <th class="num">{t('packing.bagCount')}</th>
            <th class="num">kg</th>
            <th>{t('label.label')}</th>
          </tr>
        </thead>
        <tbody>
          <For each={props.list} fallback={<Nothing columns={8} />}>
            {(one) => (
              <tr>
                <td>{formatTime(one.time, 'short')}</td>
                <td>{one.palletId}</td>
                <td>{one.product === null ? '–' : say(one.product)}</td>
                <td>{one.orderId ?? '–'}</td>
                <td>
                  <LotLink lot={one.lot} />
                </td>
                <td class="num">{formatNumber(one.bags)}</td>
                <td class="num">{one.netKg === null ? '–' : formatNumber(one.netKg, 2)}</td>
                <td>
                  <Show when={one.lot !== null}>
                    <LabelLinks of="pallet" id={one.palletId} />
                  </Show>
                </td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </TableScroll>
  );
}

function Rejects(props: { list: readonly BagRejectView[] }): JSX.Element {
  return (
    <TableScroll label={t('packing.rejects')}>
      <table class="table table-tight">
        <thead>
          <tr>
            <th>{t('packing.time')}</th>
            <th>{t('packing.cause')}</th>
            <th>{t('packing.bag')}</th>
            <th>{t('packing.order')}</th>
            <th>{t('records.lot')}</th>
            <th>{t('packing.seenBy')}</th>
          </tr>
        </thead>
        <tbody>
          <For each={props.list} fallback={<Nothing columns={6} />}>
            {(one) => (
              <tr>
                <td>{formatTime(one.time, 'short')}</td>
                <td>{t(`packing.cause.${one.cause}`)}</td>
                <td>{one.bagId ?? '–'}</td>
                <td>{one.orderId ?? '–'}</td>
                <td>
                  <LotLink lot={one.lot} />
                </td>
                <td>{one.device}</td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </TableScroll>
  );
}

function Nothing(props: { columns: number }): JSX.Element {
  return (
    <tr>
      <td colSpan={props.columns} class="quiet">
        {t('app.none')}
      </td>
    </tr>
  );
}

/**
 * Pallets and thrown-out bags, the newest first.
 * @param made rises with each pallet and each thrown-out bag: then it is asked again.
 */
export function PackingRecords(props: { made: number }): JSX.Element {
  const [typed, setTyped] = createSignal('');
  const [sought, setSought] = createSignal('');
  const asked = createMemo(() => query(wanted(sought())));
  const [pallets, ofPallets] = createResource(asked, (search) =>
    rest.get<PalletView[]>(`/api/pallets${search}`),
  );
  const [rejects, ofRejects] = createResource(asked, (search) =>
    rest.get<BagRejectView[]>(`/api/bag-rejects${search}`),
  );
  createEffect(
    on(
      () => props.made,
      () => {
        void ofPallets.refetch();
        void ofRejects.refetch();
      },
      { defer: true },
    ),
  );
  return (
    <>
      <form
        class="packing-search"
        onSubmit={(event) => {
          event.preventDefault();
          setSought(typed());
        }}
      >
        <TextField maxlength={64} label={t('packing.search')} value={typed()} onInput={setTyped} />
        <button type="submit" class="button">
          {t('packing.find')}
        </button>
      </form>
      <Show when={mill().devices.some(({ type }) => type === 'palletiser')}>
        <h2 class="packing-part">{t('packing.pallets')}</h2>
        <Loaded resource={pallets} retry={() => void ofPallets.refetch()}>
          {(list) => <Pallets list={list()} />}
        </Loaded>
      </Show>
      <h2 class="packing-part">{t('packing.rejects')}</h2>
      <Loaded resource={rejects} retry={() => void ofRejects.refetch()}>
        {(list) => <Rejects list={list()} />}
      </Loaded>
    </>
  );
}
