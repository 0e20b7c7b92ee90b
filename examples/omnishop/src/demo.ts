import { readdir, rm } from "node:fs/promises"
import { basename, dirname, join } from "node:path"

import { sqlite } from "@omni/storage-sqlite"

import { openShop } from "./app.ts"
import { storyClock } from "./clock.ts"
import { driversTo } from "./drivers.ts"
import { startMailServer } from "./mail-server.ts"
import type { Paint } from "./report/paint.ts"
import { readStory } from "./report/record.ts"
import { state } from "./report/state.ts"
import { timeline } from "./report/timeline.ts"
import { EVE, THE_END } from "./story/moments.ts"
import { tell, type Told } from "./story/tell.ts"

/** Tells the story over a file, with a mail server of its own, and closes the file. What is in it already is not done again. */
export const runStory = async (file: string): Promise<Told> => {
  await using mail = await startMailServer()
  const clock = storyClock(EVE)
  await using omni = openShop({ store: sqlite(file), clock, drivers: driversTo(mail.port) })
  return await tell(omni, clock)
}

/** Opens the file anew and tells what is in it: the story by the log and the message log, then profile, stock and messages. */
export const report = async (file: string, { customer }: Told, paint: Paint): Promise<ReadonlyArray<string>> => {
  await using omni = openReader(file)
  return [...timeline(await readStory(omni, customer), paint), ...(await state(omni, customer, paint))]
}

/** The shop over a file when the story is over. Nobody listens at port 0: what would be sent now could not be. */
const openReader = (file: string) => openShop({ store: sqlite(file), clock: storyClock(THE_END), drivers: driversTo(0) })

/** Deletes a store with all that lies beside it: keys, journals, rejected rows. */
export const forget = async (file: string): Promise<void> => {
  const stem = `${basename(file).replace(/\.db$/, "")}.`
  const beside = await readdir(dirname(file)).catch(() => [])
  await Promise.all(beside.filter((name) => name.startsWith(stem)).map((name) => rm(join(dirname(file), name), { force: true })))
}
