import { type Collection, type Find, InvalidRow, type Item, type Page, type View } from "@omni/core"

/** What was read, and the rows that fit no schema and were passed over. */
export interface Readable<A> {
  readonly value: A
  readonly unreadable: ReadonlyArray<InvalidRow>
}

/** Reads as if rows that fit no schema were not there, so that one of them holds up nothing but what it says itself. */
export const readable = <A>(view: View, read: (view: View) => A): Readable<A> => {
  const sound = new ReadableView(view)
  return { value: read(sound), unreadable: [...sound.unreadable.values()] }
}

class ReadableView implements View {
  readonly now: number
  readonly tenant: string
  readonly unreadable = new Map<string, InvalidRow>()
  readonly #view: View

  constructor(view: View) {
    this.#view = view
    this.now = view.now
    this.tenant = view.tenant
  }

  get<R>(collection: Collection<R>, id: string): R | undefined {
    return this.getMany(collection, [id])[0]
  }

  getMany<R>(collection: Collection<R>, ids: ReadonlyArray<string>): ReadonlyArray<R | undefined> {
    try {
      return this.#view.getMany(collection, ids)
    } catch (error) {
      // Anything else is an outage, or says that rows are still to be loaded.
      if (!(error instanceof InvalidRow)) throw error
      if (ids.length > 1) return ids.map((id) => this.get(collection, id))
      this.#note(error)
      return [undefined]
    }
  }

  find<R, I extends string>(collection: Collection<R, I>, index: I | "id", find: Find = {}): Page<Item<R>> {
    return this.findMany(collection, index, [find])[0]!
  }

  findMany<R, I extends string>(collection: Collection<R, I>, index: I | "id", finds: ReadonlyArray<Find>): ReadonlyArray<Page<Item<R>>> {
    const pages = this.#view.findMany(collection, index, finds)
    for (const { invalid = [] } of pages) invalid.forEach((row) => this.#note(row))
    return pages
  }

  #note(row: InvalidRow): void {
    this.unreadable.set(`${row.collection}\n${row.id}`, row)
  }
}

/** So many rows are remembered as told. */
const MOST_TOLD = 1_000

/** Tells of each row once, and gives what was read beside it. */
export class Telling {
  readonly #tell: (error: unknown) => void
  readonly #told = new Set<string>()

  constructor(tell: (error: unknown) => void) {
    this.#tell = tell
  }

  async read<A>(asked: Promise<Readable<A>>): Promise<A> {
    const { value, unreadable } = await asked
    for (const row of unreadable) {
      const key = `${row.collection}\n${row.id}`
      if (this.#told.has(key)) continue
      if (this.#told.size >= MOST_TOLD) this.#told.clear()
      this.#told.add(key)
      this.#tell(row)
    }
    return value
  }
}
