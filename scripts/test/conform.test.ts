import { expect, it } from "vitest"

import { type Argued, type Outcome, runFile } from "../conform/run.ts"
import { type DataFile, defineSuite } from "../conform/suite.ts"

const doubling = defineSuite<number>({
  name: "doubling",
  cases: (file) => JSON.parse(file.text),
  run: (input) => {
    if (input < 0) throw new RangeError("negative")
    return input * 2
  }
})

const fileOf = (text: string): DataFile => ({ name: "cases.json", text, beside: () => undefined })

const outcomesOf = async (cases: unknown, argued: Argued = {}): Promise<ReadonlyArray<Outcome>> => {
  const text = typeof cases === "string" ? cases : JSON.stringify(cases)
  const all: Array<Outcome> = []
  for await (const outcome of runFile(doubling, fileOf(text), argued, {})) all.push(outcome)
  return all
}

it("compares what was got with what is wanted", async () => {
  const outcomes = await outcomesOf([
    { name: "right", input: 2, want: 4 },
    { name: "wrong", input: 2, want: 5 }
  ])
  expect(outcomes.map(({ status }) => status)).toEqual(["passed", "failed"])
  expect(outcomes[1]).toMatchObject({ case: "wrong", want: 5, got: 4 })
})

it("a case that throws fails, with its error, and the next one runs", async () => {
  const outcomes = await outcomesOf([
    { name: "throws", input: -1, want: -2 },
    { name: "next", input: 0, want: 0 }
  ])
  expect(outcomes.map(({ got, status }) => [status, got])).toEqual([
    ["failed", { error: "negative" }],
    ["passed", 0]
  ])
})

it.each(["", "{", "null", "3"])("a file that is not of the form is one failed case: %j", async (text) => {
  expect((await outcomesOf(text)).map(({ status }) => status)).toEqual(["failed"])
})

it("an argued case is known by its content, whatever its name and the order of its keys", async () => {
  const [failed] = await outcomesOf([{ name: "first name", input: 2, want: { a: 1, b: 2 } }])
  const argued = { [failed?.hash ?? ""]: "b is not doubled" }
  const [again] = await outcomesOf([{ want: { b: 2, a: 1 }, input: 2, name: "second name" }], argued)
  const [other] = await outcomesOf([{ name: "first name", input: 2, want: { a: 1, b: 3 } }], argued)
  expect(again?.status).toBe("argued")
  expect(other?.status).toBe("failed")
})
