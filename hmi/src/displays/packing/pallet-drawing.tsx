import { For, type JSX, Show } from 'solid-js';
import { t } from '../../i18n/language.ts';
import type { Device } from '../../state/mill.ts';
import { setting } from '../../state/mill.ts';
import { useTag } from '../../state/tags.ts';
import { QUALITY_SIGNS } from '../../widgets/value-text.ts';

/** Bags of a layer, as most palletisers of 25 kg bags lay them. */
const LAYER = 8;
const BAG = { width: 13, height: 9, gap: 2 } as const;

/**
 * The pallet that is being stacked, seen from the side: a place for each bag, layer on layer. While
 * nobody knows how many there are, no bag is drawn, and the sign of that is.
 */
export function PalletDrawing(props: { palletiser: Device }): JSX.Element {
  const view = useTag(`${props.palletiser.id}.BagsOnPallet`);
  const full = () => setting(props.palletiser, 'bagsPerPallet') ?? 0;
  const bags = () => {
    const { value, quality } = view();
    return typeof value === 'number' && quality === 'good' ? value : null;
  };
  const words = () => {
    const known = bags();
    return known === null
      ? t('packing.palletUnknown')
      : t('packing.onPallet', { bags: known, full: full() });
  };
  const layers = () => Math.ceil(full() / LAYER);
  const width = LAYER * (BAG.width + BAG.gap);
  const height = () => layers() * (BAG.height + BAG.gap);
  return (
    <svg class="pallet" viewBox={`0 0 ${width} ${height() + 5}`} role="img" aria-label={words()}>
      <For each={Array.from({ length: full() }, (_, index) => index)}>
        {(index) => (
          <rect
            classList={{
              'pallet-bag': index < (bags() ?? 0),
              'pallet-free': index >= (bags() ?? 0),
            }}
            x={(index % LAYER) * (BAG.width + BAG.gap)}
            y={height() - (Math.floor(index / LAYER) + 1) * (BAG.height + BAG.gap)}
            width={BAG.width}
            height={BAG.height}
            rx="2"
          />
        )}
      </For>
      <rect class="pallet-wood" x="0" y={height() + 1} width={width - BAG.gap} height="4" />
      <Show when={bags() === null}>
        <text class="pallet-sign" x={width / 2} y={height() / 2} text-anchor="middle">
          {QUALITY_SIGNS[view().quality]}
        </text>
      </Show>
    </svg>
  );
}
