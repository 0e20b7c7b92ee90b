import { fieldsOf } from "./input.ts"
import type { Module } from "./modules.ts"
import { fieldTables, type Row } from "./tables.ts"

type Callables = Module["operations"]

/** What the tables of a page say of its modules and is not so, and what they do not say. */
export const problemsOf = (page: string, modules: ReadonlyArray<Module>): ReadonlyArray<string> => {
  const told = modules.map(() => new Set<string>())
  const wrong = fieldTables(page).flatMap((rows) => {
    const at = meantBy(rows, modules)
    const known = callables(modules[at]!)
    return rows.flatMap((row) => {
      for (const name of row.names) told[at]!.add(name)
      return wrongIn(row, known).map((problem) => `${row.line}: ${problem}`)
    })
  })
  const missing = modules.flatMap((module, at) =>
    Object.keys(callables(module)).flatMap((name) =>
      told[at]!.has(name) ? [] : [`\`${name}\` of ${module.name} is in no table with fields`]
    )
  )
  return [...wrong, ...missing]
}

const callables = ({ operations, queries }: Module): Callables => ({ ...operations, ...queries })

/** The module that has most of what a table names. */
const meantBy = (rows: ReadonlyArray<Row>, modules: ReadonlyArray<Module>): number => {
  const hits = modules.map((module) => rows.flatMap(({ names }) => names).filter((name) => Object.hasOwn(callables(module), name)).length)
  return hits.indexOf(Math.max(...hits))
}

const wrongIn = ({ names, parts }: Row, known: Callables): ReadonlyArray<string> => {
  const unknown = names.filter((name) => !Object.hasOwn(known, name)).map((name) => `there is no \`${name}\``)
  if (unknown.length > 0) return unknown
  const all = names.map((name) => fieldsOf(known[name]!.input))
  // What a driver of ours calls is named and no more.
  if (parts.length === 0 && names.length > 1) return []
  if (parts.length === names.length) return names.flatMap((name, at) => differing(name, all[at]!, parts[at]!))
  const said = parts.flat()
  return [
    ...said.filter((field) => !all.some((fields) => fields.includes(field))).map((field) => `none of ${names.join(", ")} has \`${field}\``),
    ...names.flatMap((name, at) =>
      all[at]!.filter((field) => !said.some((one) => bare(one) === bare(field))).map((field) => `\`${field}\` of ${name} is not told`)
    )
  ]
}

const bare = (field: string): string => field.replace("?", "")

const differing = (name: string, fields: ReadonlyArray<string>, said: ReadonlyArray<string>): ReadonlyArray<string> => [
  ...said.filter((field) => !fields.includes(field)).map((field) => `${name} has no \`${field}\``),
  ...fields.filter((field) => !said.includes(field)).map((field) => `\`${field}\` of ${name} is not told`)
]
