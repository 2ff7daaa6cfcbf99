import type { BaseNode } from 'node-opcua';
import { MonitoredItem } from 'node-opcua';

/**
 * The library samples each monitored item by reading its node, with a look at every role and
 * permission, changed or not: at the size of a full mill that is half a core for nothing. Here a
 * node says how often it has changed, and an item that has seen its latest change is not sampled
 * again.
 */
const changesOf = new WeakMap<BaseNode, number>();
const seenBy = new WeakMap<object, number>();

/** What the library's sampler calls for each item whose turn it is. */
interface SampledItem {
  readonly node: BaseNode | null;
  readonly _is_sampling: boolean;
  _on_sampling_timer(): void;
}

/** The node's value changes only when it is noted here; until then it need not be sampled. */
export function noteChange(node: BaseNode): void {
  changesOf.set(node, (changesOf.get(node) ?? 0) + 1);
}

const prototype = MonitoredItem.prototype as unknown as SampledItem;
const sample = prototype._on_sampling_timer;

prototype._on_sampling_timer = function sampleChanged(this: SampledItem): void {
  const changes = this.node === null ? undefined : changesOf.get(this.node);
  if (changes !== undefined) {
    if (seenBy.get(this) === changes) return;
    if (!this._is_sampling) seenBy.set(this, changes);
  }
  sample.call(this);
};
