import type { JSX } from 'solid-js';
import type { Quality } from '../../../server/contract/states.ts';
import { LOOK_LETTER, type Look } from '../state/look.ts';

/** A look as a small round mark with its letter; hatched when it is not known to be so now. */
export function Lamp(props: { look: Look; quality: Quality }): JSX.Element {
  return (
    <span class={`lamp look-${props.look} q-${props.quality}`} aria-hidden="true">
      {LOOK_LETTER[props.look]}
    </span>
  );
}
