import { spawn } from "node:child_process"
import { join } from "node:path"
import { createInterface } from "node:readline"

import type { Contended, Done } from "./load.ts"

/** Reservations a second of those who ran at once. */
export const rateOf = (done: ReadonlyArray<Done>): number => done.reduce((rate, { calls, millis }) => rate + (calls * 1000) / millis, 0)

/** Processes that make the same kind of reservations on the same tables. */
export interface Fleet {
  /** Lets the first so many of them run at once. */
  run(processes: number, millis: number): Promise<ReadonlyArray<Done>>
  close(): Promise<void>
}

export const fleet = async (
  processes: number,
  contended: Contended,
  ...[url, schema, skus, inFlight]: readonly [string, string, number, number]
): Promise<Fleet> => {
  const clients = await Promise.all(Array.from({ length: processes }, () => client([contended, url, schema, `${skus}`, `${inFlight}`])))
  return {
    run: (processes, millis) => Promise.all(clients.slice(0, processes).map(({ run }) => run(millis))),
    close: async () => void (await Promise.all(clients.map(({ close }) => close())))
  }
}

const client = async (args: ReadonlyArray<string>) => {
  const child = spawn(process.execPath, [...process.execArgv, join(import.meta.dirname, "client.ts"), ...args], {
    stdio: ["pipe", "pipe", "inherit"]
  })
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()))
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const said = async (): Promise<string> => {
    const { value, done } = await lines.next()
    if (done === true) throw new Error("A client ended without an answer.")
    return value
  }
  await said()
  return {
    run: async (millis: number): Promise<Done> => {
      child.stdin.write(`${millis}\n`)
      return JSON.parse(await said())
    },
    close: () => {
      child.stdin.end()
      return ended
    }
  }
}
