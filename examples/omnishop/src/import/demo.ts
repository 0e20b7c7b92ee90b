import { MessageQueued, MessageSent, MessageSkipped } from "@omni/channels"
import type { Position } from "@omni/core"
import { JourneyEntered } from "@omni/journeys"
import { NpsInvited } from "@omni/nps"

import { openShop, type Omnishop } from "../app.ts"
import { storyClock } from "../clock.ts"
import { driversTo } from "../drivers.ts"
import type { Home } from "../home.ts"
import { table } from "../report/layout.ts"
import type { Paint } from "../report/paint.ts"
import { THE_END } from "../story/moments.ts"
import { openFolder } from "./folder.ts"
import type { Progress } from "./progress.ts"
import { rejectsFile } from "./rejects.ts"
import { type Imported, importFiles } from "./run.ts"

/** What must not come of an import. */
const started = [JourneyEntered, MessageQueued, MessageSent, MessageSkipped, NpsInvited]

/** Imports a folder into the shop in a store, and says in lines what came of it. */
export const importDemo = async (home: Home, folder: string, paint: Paint, progress: Progress): Promise<ReadonlyArray<string>> => {
  const files = await openFolder(folder)
  const { rejects } = home
  // What a power cut might take away are the last commits, and running the import again makes them anew.
  const store = home.open({ quick: true })
  await using omni = openShop({ store, clock: storyClock(THE_END), drivers: driversTo(0), verify: false })
  const before = await countOf(omni)
  const begun = performance.now()
  const imported = await importFiles(files, { omni, rejects: rejectsFile(rejects), progress })
  const seconds = (performance.now() - begun) / 1000
  progress.say("the timelines of the profiles follow")
  await omni.drain()
  progress.end()
  const lines = [...summary(imported, seconds), `started by it: ${(await countOf(omni)) - before} journeys, surveys and messages`]
  const lost = imported.rejected.size === 0 ? [] : [`every row that was rejected is in ${rejects}`]
  return ["", paint.title(`Imported from ${folder}`), ...[...lines, ...lost].map((line) => `   ${line}`)]
}

/** How much an app has started so far. */
const countOf = async (omni: Omnishop): Promise<number> => {
  let count = 0
  let after: Position | undefined
  for (;;) {
    const page = await omni.events({ types: started, limit: 1000, ...(after === undefined ? {} : { after }) })
    if (page.events.length === 0) return count
    count += page.events.length
    after = page.upto
  }
}

const summary = ({ made, read, rejected }: Imported, seconds: number): ReadonlyArray<string> => {
  const reasons = [...rejected]
  const rows = [...read].map(([name, count]) => {
    const lost = reasons.filter(([what]) => what.startsWith(`${name}: `)).reduce((sum, [, many]) => sum + many, 0)
    return [name, String(count), String(count - lost), String(lost)]
  })
  const all = [...read.values()].reduce((sum, count) => sum + count, 0)
  return [
    ...table(["file", "rows>", "taken>", "rejected>"], rows),
    `${all} rows in ${seconds.toFixed(1)} s: ${Math.round(all / seconds)} rows/s`,
    `there now: ${[...made].map(([what, many]) => `${many} ${what}`).join(", ")}`,
    ...reasons.map(([what, many]) => `rejected: ${many} × ${what}`)
  ]
}
