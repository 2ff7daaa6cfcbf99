import { createSignal } from 'solid-js';

const narrowQuery = matchMedia('(max-width: 820px)');
const [narrow, setNarrow] = createSignal(narrowQuery.matches);
narrowQuery.addEventListener('change', (event) => setNarrow(event.matches));

/** Whether this is a phone or a narrow window: lists instead of the drawn mill. */
export { narrow };
