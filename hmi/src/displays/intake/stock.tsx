import { createMemo, createSignal, For, type JSX, Show } from 'solid-js';
import type { StatusDocument } from '../../../../server/contract/live.ts';
import { formatNumber } from '../../i18n/format.ts';
import { say, t } from '../../i18n/language.ts';
import { plain } from '../../i18n/plain.ts';
import { fresh, stockStatuses } from '../../state/live.ts';
import { deviceOf, materialOf, settingText } from '../../state/mill.ts';
import { may } from '../../state/session.ts';
import { TagValue } from '../../widgets/tag-value.tsx';
import { LotsPanel } from './lots-panel.tsx';
import { SacksPanel } from './sacks-panel.tsx';
import { StockEntry } from './stock-forms.tsx';
import { TransferPanel } from './transfer-panel.tsx';

type BinStock = Extract<StatusDocument, { kind: 'stock' }>;
type Entry = { readonly kind: 'receive' | 'correct'; readonly of: BinStock };

const KINDS = ['silo', 'dosing', 'micro', 'tank', 'store', 'finished'] as const;
/** Bins that persons bring sacks to, and the store of sacks. */
const BY_HAND: readonly string[] = ['dosing', 'micro', 'store', 'other'];
type Kind = (typeof KINDS)[number] | 'other';

function kindOf(bin: string): Kind {
  if (bin === 'STORE') return 'store';
  const kind = settingText(deviceOf(bin) ?? undefined, 'kind');
  return KINDS.find((one) => one === kind) ?? 'other';
}

function materialText({ material }: BinStock): string {
  const known = material === null ? undefined : materialOf(material);
  return known === undefined ? (material ?? '') : say(known.text);
}

/** Whether a bin is meant by its number, its material or one of its lots. */
function matches(of: BinStock, wanted: string): boolean {
  const lots = of.layers.flatMap((layer) => layer.map(({ lot }) => lot ?? ''));
  const text = plain([of.bin, materialText(of), ...lots].join(' '));
  return text.includes(plain(wanted.trim()));
}

function massOf(layer: BinStock['layers'][number]): number {
  return layer.reduce((sum, one) => sum + one.kg, 0);
}

function layerText(layer: BinStock['layers'][number]): string {
  return layer
    .map(({ lot, kg }) => `${lot ?? t('stock.unknownLot')} ${formatNumber(kg)} kg`)
    .join(', ');
}

/** The bin with its layers, the lowest at the bottom, each as high as its share of the bin. */
function BinLayers(props: { of: BinStock }): JSX.Element {
  const heights = () =>
    props.of.layers.map((layer) => (100 * massOf(layer)) / Math.max(1, props.of.capacityKg));
  return (
    <div class="stock-vessel" aria-hidden="true">
      <For each={props.of.layers}>
        {(layer, index) => (
          <div
            class="stock-layer"
            style={{ height: `${Math.min(100, heights()[index()] ?? 0)}%` }}
            title={layerText(layer)}
          />
        )}
      </For>
    </div>
  );
}

function BinCard(props: { of: BinStock; enter: (entry: Entry) => void }): JSX.Element {
  return (
    <article class="stock-bin panel" classList={{ 'stock-differs': props.of.differs }}>
      <BinLayers of={props.of} />
      <div class="stock-words">
        <h3>
          {props.of.bin} <span class="quiet">{materialText(props.of)}</span>
        </h3>
        <p>
          {t('stock.book')} <strong>{formatNumber(props.of.bookKg)} kg</strong>
        </p>
        <p class="quiet">
          <Show when={props.of.flow !== 'store'}>
            {t('stock.level')} <TagValue tag={`${props.of.bin}.LevelPct`} /> ·{' '}
          </Show>
          {t(`stock.${props.of.flow}`)}
        </p>
        <Show when={props.of.differs}>
          <p class="stock-warning">! {t('stock.differs')}</p>
        </Show>
        <ol class="stock-lots" reversed>
          <For
            each={[...props.of.layers].reverse()}
            fallback={<li class="stock-none">{t('stock.empty')}</li>}
          >
            {(layer) => <li>{layerText(layer)}</li>}
          </For>
        </ol>
        <div class="actions">
          <Show when={may('stock.receive') && BY_HAND.includes(kindOf(props.of.bin))}>
            <button
              type="button"
              class="button"
              onClick={() => props.enter({ kind: 'receive', of: props.of })}
            >
              {t('stock.receive')}
            </button>
          </Show>
          <Show when={may('stock.correct')}>
            <button
              type="button"
              class="button"
              onClick={() => props.enter({ kind: 'correct', of: props.of })}
            >
              {t('stock.correct')}
            </button>
          </Show>
        </div>
      </div>
    </article>
  );
}

/** Every bin as it stands in the book: layers of lots, book against level. */
export function Stock(): JSX.Element {
  const [entry, setEntry] = createSignal<Entry | null>(null);
  const [wanted, setWanted] = createSignal('');
  const found = () => stockStatuses().filter((one) => matches(one, wanted()));
  const groups = createMemo(() => Map.groupBy(found(), ({ bin }) => kindOf(bin)));
  const shown = () => [...KINDS, 'other' as const].filter((kind) => groups().has(kind));
  return (
    <section class="document" classList={{ outdated: !fresh() }}>
      <div class="display-head">
        <h1>{t('stock.title')}</h1>
        <input
          type="search"
          class="search"
          placeholder={t('stock.search')}
          aria-label={t('stock.search')}
          value={wanted()}
          onInput={(event) => setWanted(event.currentTarget.value)}
        />
      </div>
      <div class="stock-work">
        <SacksPanel />
        <LotsPanel />
        <TransferPanel />
      </div>
      <For
        each={shown()}
        fallback={<p>{t(stockStatuses().length > 0 ? 'stock.noSuch' : 'stock.none')}</p>}
      >
        {(kind) => (
          <section class="stock-group">
            <h2>{t(`stock.kind.${kind}`)}</h2>
            <div class="stock-bins">
              <For each={groups().get(kind) ?? []}>
                {(one) => <BinCard of={one} enter={setEntry} />}
              </For>
            </div>
          </section>
        )}
      </For>
      <Show when={entry()} keyed>
        {(one) => (
          <StockEntry
            kind={one.kind}
            bin={one.of.bin}
            material={one.of.material}
            onClose={() => setEntry(null)}
          />
        )}
      </Show>
    </section>
  );
}
