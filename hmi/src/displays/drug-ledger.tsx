import { A } from '@solidjs/router';
import { createResource, createSignal, For, type JSX, Show } from 'solid-js';
import type { DrugEntry, Ledger } from '../../../server/contract/drugs.ts';
import type { RecipeList } from '../../../server/contract/recipes.ts';
import { DRUG_CLASS_TEXTS } from '../../../server/contract/states.ts';
import { formatNumber, formatTime, millDay } from '../i18n/format.ts';
import { language, say, t } from '../i18n/language.ts';
import { query, rest } from '../live/rest.ts';
import { serverNowMs } from '../state/live.ts';
import { mill } from '../state/mill.ts';
import { may } from '../state/session.ts';
import { Loaded } from '../widgets/loaded.tsx';
import { LotLink } from '../widgets/lot-link.tsx';
import { ProblemNote } from '../widgets/reasons.tsx';
import { TableScroll } from '../widgets/table-scroll.tsx';

type Lot = Ledger['lots'][number];
type Order = Ledger['orders'][number];

const kg = (value: number) => formatNumber(value, 3);

function LotRow(props: { lot: Lot }): JSX.Element {
  return (
    <tr classList={{ 'row-wrong': props.lot.outside }}>
      <td>
        <LotLink lot={props.lot.lot} />
      </td>
      <td>{say(props.lot.text)}</td>
      <td class="num">{kg(props.lot.openingKg)}</td>
      <td class="num">{kg(props.lot.receivedKg)}</td>
      <td class="num">{kg(props.lot.usedKg)}</td>
      <td class="num">{kg(props.lot.bookKg)}</td>
      <td class="num">
        {kg(props.lot.closingKg)} {props.lot.counted ? '' : `(${t('drugs.notCounted')})`}
      </td>
      <td class="num">
        {props.lot.outside ? '! ' : ''}
        {kg(props.lot.discrepancyKg)}
      </td>
      <td>
        <details>
          <summary>{formatNumber(props.lot.uses.length)}</summary>
          <ul>
            <For each={props.lot.uses}>
              {(use) => (
                <li>
                  {use.batchId}: {kg(use.kg)} kg
                </li>
              )}
            </For>
          </ul>
        </details>
      </td>
    </tr>
  );
}

function Table(props: { title: string; head: readonly string[]; children: JSX.Element }) {
  return (
    <section class="ledger-part">
      <h2>{props.title}</h2>
      <TableScroll label={props.title}>
        <table class="table table-tight">
          <thead>
            <tr>
              <For each={props.head}>{(word) => <th>{word}</th>}</For>
            </tr>
          </thead>
          <tbody>{props.children}</tbody>
        </table>
      </TableScroll>
    </section>
  );
}

function None(): JSX.Element {
  return (
    <tr>
      <td colSpan={9}>{t('drugs.none')}</td>
    </tr>
  );
}

/** A step of the reconciliation, offered to whoever may take it. */
function Step(props: { order: Order; done: () => void; failed: (cause: unknown) => void }) {
  const [note, setNote] = createSignal('');
  const door = () => (props.order.state === 'held' ? 'drugs.reconcile' : 'drugs.confirm');
  const take = async () => {
    const path = `/api/drugs/reconciliations/${encodeURIComponent(props.order.orderId)}`;
    const step = props.order.state === 'held' ? path : `${path}/confirm`;
    try {
      await rest.post<unknown>(step, { note: note() });
      props.done();
    } catch (cause) {
      props.failed(cause);
    }
  };
  return (
    <Show when={props.order.state !== 'released' && may(door())}>
      <span class="trace-form">
        <input
          aria-label={t('drugs.note')}
          placeholder={t('drugs.note')}
          value={note()}
          onInput={(event) => setNote(event.currentTarget.value)}
        />
        <button type="button" class="button" disabled={note() === ''} onClick={() => void take()}>
          {t(door())}
        </button>
      </span>
    </Show>
  );
}

function Orders(props: { ledger: Ledger; done: () => void; failed: (cause: unknown) => void }) {
  const head = () => [
    t('line.order'),
    t('report.product'),
    t('records.state'),
    t('drugs.first'),
    t('drugs.second'),
    t('drugs.step'),
  ];
  return (
    <Table title={t('drugs.orders')} head={head()}>
      <For each={props.ledger.orders} fallback={<None />}>
        {(order) => (
          <tr classList={{ 'row-wrong': order.state !== 'released' }}>
            <td>
              <A class="link" href={`/records/${encodeURIComponent(order.orderId)}`}>
                {order.orderId}
              </A>
            </td>
            <td>{say(order.product)}</td>
            <td>{t(`drugs.${order.state}`)}</td>
            <td>{order.proposedBy ?? '–'}</td>
            <td>{order.confirmedBy ?? '–'}</td>
            <td>
              <Step order={order} done={props.done} failed={props.failed} />
            </td>
          </tr>
        )}
      </For>
    </Table>
  );
}

/** A class of drugs in the chosen language. */
function classText(code: string): string {
  const texts: Readonly<Record<string, { vi: string; en: string }>> = DRUG_CLASS_TEXTS;
  const text = texts[code];
  return text === undefined ? code : say(text);
}

function lineText(id: string): string {
  const line = mill().lines.find((one) => one.id === id);
  return line === undefined ? id : say(line.text);
}

function Sequence(props: { ledger: Ledger }): JSX.Element {
  const head = () => [
    t('plan.line'),
    t('records.started'),
    t('line.order'),
    t('report.product'),
    t('drugs.class'),
    t('drugs.after'),
  ];
  return (
    <Table title={t('drugs.sequence')} head={head()}>
      <For each={props.ledger.sequence} fallback={<None />}>
        {(one) => (
          <tr>
            <td>{lineText(one.line)}</td>
            <td>{formatTime(one.started, 'short')}</td>
            <td>{one.orderId}</td>
            <td>
              {say(one.product)} · {t(one.kind === 'flush' ? 'drugs.flush' : 'drugs.feed')}
            </td>
            <td>{classText(one.drugClass)}</td>
            <td>{one.afterDrugClass === null ? '–' : classText(one.afterDrugClass)}</td>
          </tr>
        )}
      </For>
    </Table>
  );
}

/** A receipt or a count of a drug lot, by quality. */
function EntryForm(props: { done: () => void; failed: (cause: unknown) => void }): JSX.Element {
  const save = async (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault();
    const form = event.currentTarget;
    const values = new FormData(form);
    const text = (name: string) => String(values.get(name) ?? '').trim();
    const entry: DrugEntry = {
      kind: text('kind') === 'count' ? 'count' : 'receipt',
      lot: text('lot'),
      material: text('material'),
      kg: Number(text('kg')),
      note: text('note'),
    };
    try {
      await rest.post<unknown>('/api/drugs/entries', entry);
      form.reset();
      props.done();
    } catch (cause) {
      props.failed(cause);
    }
  };
  const [drugs] = createResource(async () => {
    const { materials } = await rest.get<RecipeList>('/api/recipes');
    return materials.filter((one) => one.medicated);
  });
  const field = (name: string, label: string, type: 'text' | 'number' = 'text') => (
    <label class="field-inline">
      <span>{label}</span>
      <input name={name} type={type} step="0.001" min="0" required />
    </label>
  );
  return (
    <form class="trace-form ledger-entry" onSubmit={(event) => void save(event)}>
      <label class="field-inline">
        <span>{t('drugs.enter')}</span>
        <select name="kind">
          <option value="receipt">{t('drugs.receipt')}</option>
          <option value="count">{t('drugs.count')}</option>
        </select>
      </label>
      {field('lot', t('records.lot'))}
      <label class="field-inline">
        <span>{t('drugs.drug')}</span>
        <select name="material" required>
          <For each={drugs.latest ?? []}>
            {(one) => <option value={one.code}>{say(one.text)}</option>}
          </For>
        </select>
      </label>
      {field('kg', 'kg', 'number')}
      {field('note', t('drugs.note'))}
      <button type="submit" class="button">
        {t('drugs.save')}
      </button>
    </form>
  );
}

function Lots(props: { ledger: Ledger }): JSX.Element {
  const head = () => [
    t('records.lot'),
    t('drugs.drug'),
    ...(['opening', 'received', 'used', 'book', 'closing', 'discrepancy'] as const).map(
      (word) => `${t(`drugs.${word}`)} (kg)`,
    ),
    t('drugs.usedBy'),
  ];
  return (
    <Table title={t('drugs.lots')} head={head()}>
      <For each={props.ledger.lots} fallback={<None />}>
        {(lot) => <LotRow lot={lot} />}
      </For>
    </Table>
  );
}

/** The drug ledger of a day: lots, medicated orders and their reconciliation, the sequence. */
export function DrugLedger(): JSX.Element {
  const [day, setDay] = createSignal(millDay(serverNowMs()));
  const [failure, setFailure] = createSignal<unknown>(null);
  const [ledger, { refetch }] = createResource(day, (asked) =>
    rest.get<Ledger>(`/api/drugs/ledger${query({ day: asked })}`),
  );
  const again = () => {
    setFailure(null);
    void refetch();
  };
  const file = (type: string, more = {}) =>
    `/api/drugs/ledger.${type}${query({ day: day(), ...more })}`;
  return (
    <section>
      <div class="display-head">
        <h1>{t('drugs.title')}</h1>
        <label class="field-inline">
          <span>{t('drugs.day')}</span>
          <input
            type="date"
            value={day()}
            onChange={(event) => event.currentTarget.value && setDay(event.currentTarget.value)}
          />
        </label>
        <a class="button" href={file('csv', { language: language() })} download="">
          {t('drugs.csv')}
        </a>
        <a class="button" href={file('pdf')} download="">
          {t('drugs.pdf')}
        </a>
      </div>
      <Show when={failure()}>{(cause) => <ProblemNote cause={cause()} />}</Show>
      <Show when={may('drugs.enter')}>
        <EntryForm done={again} failed={setFailure} />
      </Show>
      <Loaded resource={ledger} retry={again}>
        {(one) => (
          <>
            <Lots ledger={one()} />
            <Orders ledger={one()} done={again} failed={setFailure} />
            <Sequence ledger={one()} />
          </>
        )}
      </Loaded>
    </section>
  );
}
