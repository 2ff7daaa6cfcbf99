import { For, type JSX } from 'solid-js';
import { t } from '../../i18n/language.ts';
import type { Device } from '../../state/mill.ts';
import { setting } from '../../state/mill.ts';
import { useTag } from '../../state/tags.ts';

/** Bags of a layer, as most palletisers of 25 kg bags lay them. */
const LAYER = 8;
const BAG = { width: 13, height: 9, gap: 2 } as const;

/** The pallet that is being stacked, seen from the side: a place for each bag, layer on layer. */
export function PalletDrawing(props: { palletiser: Device }): JSX.Element {
  const view = useTag(`${props.palletiser.id}.BagsOnPallet`);
  const full = () => setting(props.palletiser, 'bagsPerPallet') ?? 0;
  const bags = () => {
    const { value } = view();
    return typeof value === 'number' ? value : 0;
  };
  const layers = () => Math.ceil(full() / LAYER);
  const width = LAYER * (BAG.width + BAG.gap);
  const height = () => layers() * (BAG.height + BAG.gap);
  return (
    <svg
      class={`pallet q-${view().quality}`}
      viewBox={`0 0 ${width} ${height() + 5}`}
      role="img"
      aria-label={t('packing.onPallet', { bags: bags(), full: full() })}
    >
      <For each={Array.from({ length: full() }, (_, index) => index)}>
        {(index) => (
          <rect
            classList={{ 'pallet-bag': index < bags(), 'pallet-free': index >= bags() }}
            x={(index % LAYER) * (BAG.width + BAG.gap)}
            y={height() - (Math.floor(index / LAYER) + 1) * (BAG.height + BAG.gap)}
            width={BAG.width}
            height={BAG.height}
            rx="2"
          />
        )}
      </For>
      <rect class="pallet-wood" x="0" y={height() + 1} width={width - BAG.gap} height="4" />
    </svg>
  );
}
