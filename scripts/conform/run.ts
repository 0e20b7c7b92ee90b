import { createHash } from "node:crypto"
import { isDeepStrictEqual } from "node:util"

import type { Case, DataFile, Options, Suite } from "./suite.ts"

/** What became of a case. An argued one differs from what is wanted, for a reason that the package gives. */
export interface Outcome {
  readonly status: "passed" | "argued" | "failed"
  readonly case: string
  readonly want: unknown
  readonly got: unknown
  /** Names the content of the case in `argued.json`, wherever the file lies and whatever the case is called. */
  readonly hash: string
}

/** Reasons by the hash of the case that they are about. */
export type Argued = Readonly<Record<string, string>>

const plain = (_key: string, value: unknown): unknown => {
  if (typeof value === "bigint") return value.toString()
  if (value instanceof Error) return { error: value.message || value.name }
  return value
}

/** The value as JSON has it: what JSON cannot say is `null`, and an error is its message. */
export const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value, plain) ?? "null")

const sorted = (_key: string, value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)))
    : value

const hashOf = (content: unknown): string =>
  createHash("sha256")
    .update(JSON.stringify(asJson(content), sorted))
    .digest("hex")
    .slice(0, 16)

const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)))

const equalAsJson = (want: unknown, got: unknown): boolean => isDeepStrictEqual(asJson(want), asJson(got))

const verdict = async <Input>(suite: Suite<Input>, { input, want }: Case<Input>, options: Options) => {
  try {
    const got = await suite.run(input, options)
    return { got, agrees: (suite.agrees ?? equalAsJson)(want, got) }
  } catch (thrown) {
    return { got: asError(thrown), agrees: false }
  }
}

const runCase = async <Input>(suite: Suite<Input>, item: Case<Input>, argued: Argued, options: Options): Promise<Outcome> => {
  const { agrees, got } = await verdict(suite, item, options)
  const hash = hashOf({ input: item.input, want: item.want })
  const status = agrees ? "passed" : hash in argued ? "argued" : "failed"
  return { status, case: item.name, want: asJson(item.want), got: asJson(got), hash }
}

/** Runs the cases of a file one after another; a file that cannot be read as cases is itself a failed case. */
export async function* runFile<Input>(suite: Suite<Input>, file: DataFile, argued: Argued, options: Options): AsyncGenerator<Outcome> {
  try {
    for (const item of suite.cases(file, options)) yield await runCase(suite, item, argued, options)
  } catch (thrown) {
    const want = `a file of the form of ${suite.name}`
    yield { status: "failed", case: file.name, want, got: asJson(asError(thrown)), hash: hashOf(file.name) }
  }
}
