import { A } from '@solidjs/router';
import { type JSX, Show } from 'solid-js';

/** A lot, which leads to where it came from and went to; a dash where none is known. */
export function LotLink(props: { lot: string | null }): JSX.Element {
  return (
    <Show when={props.lot} fallback="–">
      {(lot) => (
        <A class="link" href={`/trace/${encodeURIComponent(lot())}`}>
          {lot()}
        </A>
      )}
    </Show>
  );
}
