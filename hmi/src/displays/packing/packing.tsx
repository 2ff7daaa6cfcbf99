import { createMemo, For, type JSX } from 'solid-js';
import { t } from '../../i18n/language.ts';
import { fresh } from '../../state/live.ts';
import { useTag } from '../../state/tags.ts';
import { BaggingPanel } from './bagging-panel.tsx';
import { LoadOutPanel } from './load-out-panel.tsx';
import { behind, machinesOf } from './packing-devices.ts';
import { PackingRecords } from './packing-records.tsx';

/** Pallets of all lines and bags that were thrown out of them, added up: rises with each. */
function useMade(): () => number {
  const counts = machinesOf('bagger').flatMap(({ id }) => {
    const palletiser = behind(id, 'palletiser');
    return [
      useTag(`${id}.OrderRejects`),
      useTag(`${id}.OrderMetal`),
      ...(palletiser === undefined ? [] : [useTag(`${palletiser.id}.Pallets`)]),
    ];
  });
  return createMemo(() =>
    counts.reduce((sum, view) => {
      const { value } = view();
      return typeof value === 'number' ? sum + value : sum;
    }, 0),
  );
}

/** Level 2: the bagging lines with their pallets, the bulk spouts, and what has been packed. */
export function Packing(): JSX.Element {
  const made = useMade();
  return (
    <section class="document" classList={{ outdated: !fresh() }}>
      <div class="display-head">
        <h1>{t('packing.title')}</h1>
      </div>
      <div class="packing-lines">
        <For each={machinesOf('bagger')}>{(bagger) => <BaggingPanel bagger={bagger} />}</For>
        <For each={machinesOf('loadOut')}>{(spout) => <LoadOutPanel spout={spout} />}</For>
      </div>
      <PackingRecords made={made()} />
    </section>
  );
}
