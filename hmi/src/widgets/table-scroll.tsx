import type { JSX } from 'solid-js';

/** A table that is wider than a phone: it scrolls in itself, by finger and by keyboard. */
export function TableScroll(props: { label: string; children: JSX.Element }): JSX.Element {
  return (
    <section class="table-scroll" aria-label={props.label} tabindex="0">
      {props.children}
    </section>
  );
}
