import type { Mill } from '../mill/definition.ts';
import type { TagDefinition } from '../model/tag.ts';

/**
 * The mill's tags by number. The number is the tag's place in the tag table, the same on the link.
 */
export class TagIndex {
  readonly tags: readonly TagDefinition[];
  readonly #byName: ReadonlyMap<string, number>;

  constructor(mill: Pick<Mill, 'tags'>) {
    this.tags = mill.tags;
    this.#byName = new Map(mill.tags.map((tag, index) => [tag.name, index]));
  }

  /** The tag's number, or undefined for a name that the mill does not have. */
  find(name: string): number | undefined {
    return this.#byName.get(name);
  }

  /** The tag of a number that came from this index. */
  tag(index: number): TagDefinition {
    const tag = this.tags[index];
    if (tag === undefined) throw new RangeError(`tag number ${index} is outside the tag table`);
    return tag;
  }
}
