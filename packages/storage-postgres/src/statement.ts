/** An array parameter, to be taken apart again by `unnest`: one statement for any number of rows. */
export interface Column {
  readonly type: "text" | "int4" | "int8" | "float8"
  readonly items: ReadonlyArray<string | number | null>
}

export type Value = string | number | null | Column

/** SQL of ours, with its parameters. The text never holds anything that came from outside: only `$1` and quoted names of our tables. */
export interface Statement {
  readonly text: string
  readonly values: ReadonlyArray<Value>
}

/** A row as texts, as PostgreSQL writes them. */
export type Columns = ReadonlyArray<string | null>

/** The rows that one statement answered. */
export type Rows = ReadonlyArray<Columns>

/** One connection: runs statements in order and answers each one's rows. The first that fails ends them all, and is thrown. */
export interface Session {
  run(statements: ReadonlyArray<Statement>): Promise<ReadonlyArray<Rows>>
}

export const sql = (text: string, ...values: ReadonlyArray<Value>): Statement => ({ text, values })

export const texts = (items: Column["items"]): Column => ({ type: "text", items })
export const counts = (items: Column["items"]): Column => ({ type: "int8", items })
export const integers = (items: Column["items"]): Column => ({ type: "int4", items })
export const numbers = (items: Column["items"]): Column => ({ type: "float8", items })

/** An identifier, quoted. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/**
 * Array parameters as rows, for `from`: a field for each, and `n` for the place from 1 on. It streams, where `from unnest(…)` would first
 * copy each array to a store of its own, at ten times the cost for a single row.
 */
export const unnested = (fields: { readonly [name: string]: string }): string => {
  const [first] = Object.values(fields)
  const columns = Object.entries(fields).map(([name, parameter]) => `unnest(${parameter}) as ${name}`)
  return `(select ${columns.join(", ")}, generate_series(1, cardinality(${first})) as n)`
}
