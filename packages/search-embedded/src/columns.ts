/** A column of numbers that grows by appending. */
export class Column<A extends Uint32Array | Float32Array | Float64Array> {
  #of: new (size: number) => A
  values: A
  length = 0

  constructor(of: new (size: number) => A, size = 16) {
    this.#of = of
    this.values = new of(size)
  }

  push(value: number): void {
    if (this.length === this.values.length) {
      const grown = new this.#of(Math.max(4, this.length + (this.length >> 1)))
      grown.set(this.values as never)
      this.values = grown
    }
    this.values[this.length++] = value
  }
}

export const ordinals = (size?: number): Column<Uint32Array> => new Column(Uint32Array, size)
export const floats = (size?: number): Column<Float32Array> => new Column(Float32Array, size)
export const doubles = (size?: number): Column<Float64Array> => new Column(Float64Array, size)

/** Several numbers for each row: those of row `r` are `values[starts[r]]` up to `values[starts[r + 1]]`. */
export class Lists<A extends Uint32Array | Float64Array> {
  readonly starts: Column<Uint32Array> = ordinals()
  readonly values: Column<A>

  constructor(values: Column<A>) {
    this.values = values
    this.starts.push(0)
  }

  /** Rows before `row` that were not told of have none. */
  push(row: number, numbers: Iterable<number>): void {
    this.fill(row)
    for (const number of numbers) this.values.push(number)
    this.starts.push(this.values.length)
  }

  /** Lets there be rows up to one. */
  fill(rows: number): void {
    while (this.starts.length <= rows) this.starts.push(this.values.length)
  }
}

/** Ordinals for texts, in the order in which they are met. */
export class Numbers {
  readonly #known = new Map<string, number>()
  readonly texts: Array<string> = []

  of(text: string): number {
    const known = this.#known.get(text)
    if (known !== undefined) return known
    const number = this.texts.length
    this.#known.set(text, number)
    this.texts.push(text)
    return number
  }

  find(text: string): number | undefined {
    return this.#known.get(text)
  }
}
