/** Something that one machine made known and another one asked for. */
interface News<M> {
  readonly to: M;
  readonly type: 'HEARD' | 'TOLD';
  readonly details: object;
}

function enlist<M>(lists: Map<string, M[]>, kinds: readonly string[] | undefined, member: M): void {
  for (const kind of kinds ?? []) lists.set(kind, [...(lists.get(kind) ?? []), member]);
}

/**
 * Who hears the records of a kind and who follows the documents of a kind, and what has not been
 * handed to them yet. It is handed over in the next round of the same scan.
 */
export class NewsDesk<M> {
  readonly #hearers = new Map<string, M[]>();
  readonly #followers = new Map<string, M[]>();
  #waiting: News<M>[] = [];

  get size(): number {
    return this.#waiting.length;
  }

  subscribe(
    member: M,
    {
      hears,
      follows,
    }: { readonly hears?: readonly string[]; readonly follows?: readonly string[] },
  ): void {
    enlist(this.#hearers, hears, member);
    enlist(this.#followers, follows, member);
  }

  recorded(record: { readonly kind: string }): void {
    for (const to of this.#hearers.get(record.kind) ?? []) {
      this.#waiting.push({ to, type: 'HEARD', details: { record } });
    }
  }

  /** A document of a machine; it is not told its own. */
  documented(document: { readonly kind: string }, by: M): void {
    for (const to of this.#followers.get(document.kind) ?? []) {
      if (to !== by) this.#waiting.push({ to, type: 'TOLD', details: { document } });
    }
  }

  take(): readonly News<M>[] {
    const news = this.#waiting;
    this.#waiting = [];
    return news;
  }
}
