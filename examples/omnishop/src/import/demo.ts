import { MessageQueued, MessageSent, MessageSkipped } from "@omni/channels"
import type { Position } from "@omni/core"
import { JourneyEntered } from "@omni/journeys"
import { NpsInvited } from "@omni/nps"
import { sqlite } from "@omni/storage-sqlite"

import { openShop, type Omnishop } from "../app.ts"
import { storyClock } from "../clock.ts"
import { driversTo } from "../drivers.ts"
import { table } from "../report/layout.ts"
import type { Paint } from "../report/paint.ts"
import { THE_END } from "../story/moments.ts"
import { progressOn } from "./progress.ts"
import { rejectsFile } from "./rejects.ts"
import { type Imported, importFolder } from "./run.ts"

/** What must not come of an import. */
const started = [JourneyEntered, MessageQueued, MessageSent, MessageSkipped, NpsInvited]

/** Imports a folder into the shop in a file, and says in lines what came of it. */
export const importDemo = async (file: string, folder: string, paint: Paint): Promise<ReadonlyArray<string>> => {
  const rejects = `${file.replace(/\.db$/, "")}.rejects.csv`
  // What a power cut might take away are the last commits, and running the import again makes them anew.
  const store = sqlite(file, { durability: "normal" })
  await using omni = openShop({ store, clock: storyClock(THE_END), drivers: driversTo(0), verify: false })
  const before = await countOf(omni, started)
  const begun = performance.now()
  const imported = await importFolder(folder, {
    omni,
    rejects: rejectsFile(rejects),
    progress: progressOn(process.stdout, () => performance.now())
  })
  await omni.drain()
  const seconds = (performance.now() - begun) / 1000
  const after = await countOf(omni, started)
  return [
    "",
    paint.title(`Imported from ${folder}`),
    ...summary(imported, seconds),
    `   journeys, surveys and messages started by it: ${after - before}`,
    ...(imported.rejected.size === 0 ? [] : [`   every row that was rejected is in ${rejects}`])
  ]
}

const countOf = async (omni: Omnishop, types: typeof started): Promise<number> => {
  let count = 0
  let after: Position | undefined
  for (;;) {
    const page = await omni.events({ types, limit: 1000, ...(after === undefined ? {} : { after }) })
    if (page.events.length === 0) return count
    count += page.events.length
    after = page.upto
  }
}

const summary = ({ read, rejected }: Imported, seconds: number): ReadonlyArray<string> => {
  const lost = [...rejected]
  const rows = [...read].map(([name, count]) => {
    const bad = lost.filter(([what]) => what.startsWith(`${name}: `)).reduce((sum, [, many]) => sum + many, 0)
    return [name, String(count), String(count - bad), String(bad)]
  })
  const all = [...read.values()].reduce((sum, count) => sum + count, 0)
  return [
    ...table(["file", "rows>", "taken>", "rejected>"], rows).map((line) => `   ${line}`),
    `   ${all} rows in ${seconds.toFixed(1)} s: ${Math.round(all / seconds)} rows/s`,
    ...lost.map(([what, many]) => `   rejected: ${many} × ${what}`)
  ]
}
