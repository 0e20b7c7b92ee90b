import { expect, it, vi } from "vitest"

import { compare, median } from "../bench/harness.ts"

const quiet = () => {
  const lines: Array<string> = []
  vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line))
  vi.spyOn(console, "error").mockImplementation(() => undefined)
  return lines
}

it("median is not moved by one slow run", () => {
  expect(median([3, 1, 1000])).toBe(3)
  expect(median([1, 2, 3, 1000])).toBe(2.5)
})

it.each([
  ["higher", 200, 100, 2],
  ["lower", 100, 200, 2],
  ["lower", 200, 100, 0.5]
] as const)("a ratio over 1 means that ours is better (%s is better)", async (better, ours, theirs, ratio) => {
  const lines = quiet()
  const figures = await compare({
    bench: "b",
    case: "c",
    unit: "u",
    better,
    ours: () => ours,
    peers: { peer: () => theirs }
  })
  expect(figures).toEqual([{ bench: "b", case: "c", ours, theirs, peer: "peer", unit: "u", ratio }])
  expect(lines.map((line) => JSON.parse(line))).toEqual(figures)
})

it("runs ours and the peers in turns, forwards and backwards, after one run to warm up", async () => {
  quiet()
  const turns: Array<string> = []
  const contender = (name: string) => () => turns.push(name)
  await compare({
    bench: "b",
    case: "c",
    unit: "u",
    better: "higher",
    ours: contender("ours"),
    peers: { peer: contender("peer") },
    rounds: 2
  })
  expect(turns).toEqual(["ours", "peer", "peer", "ours", "ours", "peer"])
})
