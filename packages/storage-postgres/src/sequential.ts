import type { Columns, Session, Value } from "./statement.ts"

/** Anything that runs SQL with `$1` parameters on one connection: a client of node-postgres, PGlite, a wrapped ORM transaction. */
export interface Queryable {
  query(text: string, values: Array<unknown>): Promise<{ readonly rows: ReadonlyArray<unknown> }>
}

/** A session over a client that runs one statement at a time: a round trip for each. */
export const sequential = (client: Queryable): Session => ({
  async run(statements) {
    const results: Array<ReadonlyArray<Columns>> = []
    for (const { text, values } of statements) {
      const { rows } = await client.query(text, values.map(plainValue))
      results.push(rows.map(columnsOf))
    }
    return results
  }
})

const plainValue = (value: Value): unknown => (value !== null && typeof value === "object" ? value.items : value)

/** Every column that we select is a text with a name of its own, so rows may come as arrays or as objects. */
const columnsOf = (row: unknown): Columns =>
  Object.values(row as object).map((column: unknown) => (column === null || column === undefined ? null : String(column)))
