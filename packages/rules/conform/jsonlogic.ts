import { compile, InvalidRule, type Rule, RuleError } from "@omni/rules"

import { type Case, type DataFile, defineSuite } from "../../../scripts/conform/suite.ts"

/** A case of JSONLogic: the rule, the data it reads, and what comes of it: `{ result }` or `{ error: { type } }`. */
interface Input {
  readonly rule: Rule
  readonly data: unknown
}

type Item = string | (Input & { readonly description?: string; readonly result?: unknown; readonly error?: unknown })

const itemsOf = (file: DataFile): ReadonlyArray<Item> => {
  const items: unknown = JSON.parse(file.text)
  if (!Array.isArray(items)) throw new Error("expected a list of cases and headings")
  return items
}

const isCase = (item: unknown): boolean => typeof item === "object" && item !== null && "rule" in item

const wanted = (item: Exclude<Item, string>): unknown => ("error" in item ? { error: item.error } : { result: item.result ?? null })

function* cases(file: DataFile): Iterable<Case<Input>> {
  let heading = ""
  for (const [at, item] of itemsOf(file).entries()) {
    if (typeof item === "string") heading = item
    else {
      const name = [file.name, heading, item.description ?? `case ${at}`].filter(Boolean).join(" / ")
      yield { name, input: { rule: item.rule, data: item.data ?? null }, want: wanted(item) }
    }
  }
}

/** An invalid rule and a failing one are alike here: an error with a type, or with all that was thrown. */
const run = ({ rule, data }: Input): unknown => {
  try {
    return { result: compile(rule).evaluate(data) }
  } catch (error) {
    if (error instanceof InvalidRule) return { error: { type: error.type } }
    if (error instanceof RuleError) return { error: error.detail }
    throw error
  }
}

/** JSONLogic: files of `[heading | { description, rule, data, result } | { ..., error }]`. */
export const suite = defineSuite<Input>({
  name: "jsonlogic",
  accepts: (file) => file.name.endsWith(".json") && itemsOf(file).some(isCase),
  cases,
  run
})
